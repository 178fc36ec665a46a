namespace Engine.Configuration;

/// <summary>One fault in the configuration: where it stands, what was found, what would be right.</summary>
/// <param name="File">The file it stands in.</param>
/// <param name="Line">From 1; 0 when the fault has no line.</param>
/// <param name="Path">A JSON path such as <c>$.pools.bulk.sources</c>.</param>
/// <param name="Message">A sentence for the operator: the bound, and the value found.</param>
/// <param name="Scope">What it spoils.</param>
internal sealed record Finding(string File, int Line, string Path, string Message, FindingScope Scope = FindingScope.Core)
{
    /// <summary>The account or domain (in its one form) that a finding of that scope isolates; null for the core.</summary>
    public string? Subject { get; init; }

    public override string ToString() => Line > 0 ? $"{File}:{Line}: {Path}: {Message}" : $"{File}: {Path}: {Message}";
}
