namespace Engine.Preflight.Spf;

/// <summary>What a record costs of the ten look-ups, term by term.</summary>
/// <param name="Term">As written; <c>record</c> for the whole.</param>
/// <param name="Domain">Whose record it leads to; empty for a term that leads to none.</param>
/// <param name="Own">1 for a term that asks DNS, else 0.</param>
/// <param name="Parts">Terms of that record that cost anything.</param>
internal sealed record SpfCost(string Term, string Domain, int Own, IReadOnlyList<SpfCost> Parts)
{
    /// <summary>Why it was not followed; null where it was.</summary>
    public string? Note { get; init; }

    /// <summary>With all it leads to.</summary>
    public int Total => Own + Parts.Sum(part => part.Total);
}
