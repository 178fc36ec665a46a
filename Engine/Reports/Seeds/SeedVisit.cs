namespace Engine.Reports.Seeds;

/// <summary>What looking into a mailbox brought.</summary>
/// <param name="Trouble">Empty; or why the mailbox could not be read: then what was not found is unknown.</param>
/// <param name="Found">By token.</param>
internal sealed record SeedVisit(string Trouble, IReadOnlyDictionary<string, SeedSighting> Found)
{
    public static SeedVisit Failed(string trouble) => new(trouble, new Dictionary<string, SeedSighting>());
}
