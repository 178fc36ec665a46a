using Engine.Reputation;

namespace Engine.Scheduling;

/// <summary>
/// In which order a pool's sources are offered mail of one destination: each as often as its weight says, spread evenly. Made anew only
/// when weights change; a choice is O(1). Guarded by its destination's lock.
/// </summary>
internal sealed class LaneOrder
{
    // Weights are scaled down to so many turns: finer shares are not worth the memory at each destination.
    private const int MaxTurns = 1_024;

    private readonly short[] _turns;
    private uint _next;

    /// <param name="pool">Its sources.</param>
    /// <param name="weights">Shares now.</param>
    /// <param name="operatorId">Of the destination.</param>
    /// <param name="start">Where to begin: many destinations with little mail share the sources too.</param>
    public LaneOrder(Pool pool, ISourceWeights weights, string operatorId, uint start)
    {
        (Pool, Version, Operator, _next) = (pool, weights.Version, operatorId, start);
        var shares = new int[pool.Sources.Count];
        for (var index = 0; index < shares.Length; index++)
        {
            HasWarming |= weights.IsWarming(pool.Sources[index], operatorId);
            shares[index] = Math.Max(0, weights.Weight(pool, pool.Sources[index], operatorId));
        }

        _turns = Spread(shares);
        Lanes = new Lane?[shares.Length];
    }

    public Pool Pool { get; }

    public int Version { get; }

    public string Operator { get; }

    /// <summary>Some of them take lively recipients first.</summary>
    public bool HasWarming { get; }

    /// <summary>Lanes by the place of their source in the pool; null where none was needed yet.</summary>
    public Lane?[] Lanes { get; }

    /// <summary>Place of the source whose turn it is; −1 when no source takes mail.</summary>
    public int Next() => _turns.Length == 0 ? -1 : _turns[_next++ % (uint)_turns.Length];

    // The turns of a source lie at equal distances: (turn + ½) / share of the whole. Sources with weight 0 have none.
    private static short[] Spread(int[] shares)
    {
        var divisor = shares.Aggregate(0, GreatestCommonDivisor);
        if (divisor == 0)
        {
            return [];
        }

        long total = 0;
        foreach (var share in shares)
        {
            total += share / divisor;
        }

        var scale = total > MaxTurns ? MaxTurns / (double)total : 1;
        var turns = new List<(double Place, short Source)>();
        for (var source = 0; source < shares.Length; source++)
        {
            var count = shares[source] == 0 ? 0 : Math.Max(1, (int)Math.Round(shares[source] / divisor * scale));
            for (var turn = 0; turn < count; turn++)
            {
                turns.Add(((turn + 0.5) / count, (short)source));
            }
        }

        turns.Sort();
        return [.. turns.Select(turn => turn.Source)];
    }

    private static int GreatestCommonDivisor(int left, int right) => right == 0 ? left : GreatestCommonDivisor(right, left % right);
}
