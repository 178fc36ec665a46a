namespace Engine.Admin;

/// <summary>Body of the removal after an export: what is in the file, and nothing else.</summary>
/// <param name="Recipients">Message ids and indexes.</param>
/// <param name="Reason">For the events.</param>
internal sealed record ExportRemoval(IReadOnlyList<ExportRemoval.Exported>? Recipients, string? Reason = null)
{
    /// <param name="Id">Message.</param>
    /// <param name="Index">Of the recipient here.</param>
    internal sealed record Exported(string Id, ushort Index);
}
