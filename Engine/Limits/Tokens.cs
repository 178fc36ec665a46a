namespace Engine.Limits;

/// <summary>Takes one token from each of several limits, or none.</summary>
internal static class Tokens
{
    /// <param name="limits">Narrow first.</param>
    /// <param name="holdsBack">True for marketing where both classes share: it leaves the reserve of every limit that is not its own.</param>
    /// <param name="now">The time.</param>
    /// <param name="readyAt">On refusal: when the refusing limit is worth asking again.</param>
    public static bool TryTake(ReadOnlySpan<Limit> limits, bool holdsBack, long now, out long readyAt)
    {
        readyAt = now;
        for (var index = 0; index < limits.Length; index++)
        {
            var bucket = limits[index].Bucket;
            var reserve = holdsBack && bucket is not null && !limits[index].IsClassOwn ? Reserve.Of(bucket.Rate.Burst) : 0;
            if (bucket is not null && !bucket.TryTake(now, reserve, out readyAt))
            {
                Refund(limits[..index]);
                return false;
            }
        }

        return true;
    }

    public static void Refund(ReadOnlySpan<Limit> limits)
    {
        foreach (var limit in limits)
        {
            limit.Bucket?.Refund();
        }
    }
}
