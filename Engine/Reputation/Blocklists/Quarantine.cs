namespace Engine.Reputation.Blocklists;

/// <summary>What block lists leave of a source's mail to one operator.</summary>
/// <param name="Share">From 0 (quarantine) to 1 (nothing against it).</param>
/// <param name="Why">Null when there is nothing against it.</param>
internal readonly record struct Quarantine(double Share, Standing? Why)
{
    public static readonly Quarantine None = new(1, null);
}
