namespace Engine.Reputation.Score;

/// <summary>Turns counts into points. 100, less what is bad, and up to 10 for readers who open: who reports no engagement loses nothing by it.</summary>
/// <remarks>
/// Each share is drawn to the mean of all senders with the weight of <c>score.minimum</c> recipients, the mean to a usual value with the weight of 1 000: a newcomer is
/// taken for one like the others. Points grow in proportion up to the share in the table and no further:
/// <code>
/// hardBounces  35 at 10 %   of delivered + hard + blocked     usual 1 %
/// complaints   40 at 0.5 %  of delivered                      usual 0.02 %
/// blocks       25 at 20 %   of delivered + hard + blocked     usual 1 %
/// spam         25 at 1      mean score ÷ the one that rejects usual 0.1
/// engagement  +10 at 20 %   of delivered
/// </code>
/// </remarks>
internal static class ScoreScale
{
    private const double MeanWeight = 1_000;

    private static readonly (string Name, double Points, double Full, double Usual)[] Table =
    [
        ("hardBounces", 35, 0.1, 0.01),
        ("complaints", 40, 0.005, 0.0002),
        ("blocks", 25, 0.2, 0.01),
        ("spam", 25, 1, 0.1),
    ];

    /// <summary>The shares of a score.</summary>
    /// <param name="own">Counts of the sender.</param>
    /// <param name="all">Of all senders.</param>
    /// <param name="weight">How many recipients weigh as much as the mean.</param>
    public static ScoreComponent[] Components(CountRing own, CountRing all, int weight)
    {
        var components = new ScoreComponent[Table.Length + 1];
        for (var index = 0; index < Table.Length; index++)
        {
            var (name, points, full, usual) = Table[index];
            var (everybodys, of) = Count(all, index);
            var mean = (everybodys + (MeanWeight * usual)) / (of + MeanWeight);
            var (count, samples) = Count(own, index);
            var rate = Math.Min(1, (count + (weight * mean)) / (samples + weight));
            components[index] = new ScoreComponent(name, -points * Math.Min(1, rate / full), count, samples, rate);
        }

        var (engaged, delivered) = (own[SenderCount.Engaged], own[SenderCount.Delivered]);
        var share = Math.Min(1, engaged / ((double)delivered + weight));
        components[^1] = new ScoreComponent("engagement", 10 * Math.Min(1, share / 0.2), engaged, delivered, share);
        return components;
    }

    public static int ScoreOf(ReadOnlySpan<ScoreComponent> components)
    {
        var points = 100.0;
        foreach (ref readonly var component in components)
        {
            points += component.Points;
        }

        return (int)Math.Round(Math.Clamp(points, 0, 100));
    }

    private static (double Count, long Of) Count(CountRing ring, int index) => index switch
    {
        0 => (ring[SenderCount.Hard], ring.Answered),
        1 => (ring[SenderCount.Complaints], ring[SenderCount.Delivered]),
        2 => (ring[SenderCount.Blocked], ring.Answered),
        _ => (ring[SenderCount.Spam] / 1_000.0, ring[SenderCount.Filtered]),
    };
}
