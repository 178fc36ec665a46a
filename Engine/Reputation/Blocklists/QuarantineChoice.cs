namespace Engine.Reputation.Blocklists;

/// <summary>Which of the listed sources may leave service, so that every pool keeps its share. Pure.</summary>
internal static class QuarantineChoice
{
    /// <summary>Those with the most listings go first, then those listed longest, then by name, so that a choice once made stays.</summary>
    /// <param name="listed">Listings by source; only those that may move mail away.</param>
    /// <param name="pools">Names of the sources of each pool.</param>
    /// <param name="keepAtLeast">Share of a pool that stays, rounded up.</param>
    public static HashSet<string> Choose(ILookup<string, Listing> listed, IReadOnlyList<IReadOnlyList<string>> pools, double keepAtLeast)
    {
        var chosen = new HashSet<string>(StringComparer.Ordinal);
        var ranked = listed
            .OrderByDescending(source => source.Count())
            .ThenBy(source => source.Min(listing => listing.Since))
            .ThenBy(source => source.Key, StringComparer.Ordinal);
        foreach (var source in ranked)
        {
            if (pools.Where(pool => pool.Contains(source.Key)).All(pool => pool.Count(chosen.Contains) < Spare(pool.Count, keepAtLeast)))
            {
                chosen.Add(source.Key);
            }
        }

        return chosen;
    }

    /// <summary>How many of a pool may be away.</summary>
    public static int Spare(int sources, double keepAtLeast) => sources - (int)Math.Ceiling((sources * keepAtLeast) - 1e-9);
}
