namespace Engine.Scheduling;

/// <summary>
/// Sets right what workers took of connection rates, once it is known who opened a connection. A lane knows how many of those that connect
/// took tokens, not which: the sum is right, whoever it was. Under the destination's lock.
/// </summary>
internal static class ConnectTokens
{
    /// <summary>A worker has its connection; it still counts among those that connect.</summary>
    /// <param name="lane">The worker's.</param>
    /// <param name="isReused">It was given one that was open.</param>
    /// <param name="now">The time.</param>
    /// <param name="alarm">Wakes who waits for a token that comes back.</param>
    public static void Settle(Lane lane, bool isReused, long now, LineAlarm alarm)
    {
        if (!isReused && lane.ConnectTokens > 0)
        {
            lane.ConnectTokens--;
        }
        else if (!isReused)
        {
            Charge(lane, now);
        }
        else if (lane.ConnectTokens >= lane.Connecting)
        {
            Return(lane, alarm);
        }
    }

    /// <summary>A worker found nothing to send and retires; it still counts.</summary>
    public static void Leave(Lane lane, bool hasConnected, long idleUntil, LineAlarm alarm)
    {
        if (!hasConnected && lane.ConnectTokens > 0 && lane.ConnectTokens >= lane.Connecting)
        {
            Return(lane, alarm);
            return;
        }

        lane.Idle++;
        lane.IdleUntil = hasConnected ? idleUntil : lane.IdleUntil;
    }

    /// <summary>A connection was opened for which no token was taken: whoever starts next waits the longer.</summary>
    public static void Charge(Lane lane, long now)
    {
        foreach (var terms in lane.Terms.Take(1))
        {
            foreach (var limit in terms.Own)
            {
                limit.ConnectBucket?.Charge(now);
            }
        }
    }

    private static void Return(Lane lane, LineAlarm alarm)
    {
        lane.ConnectTokens--;
        foreach (var terms in lane.Terms.Take(1))
        {
            foreach (var limit in terms.Own)
            {
                if (limit.ConnectBucket is { } bucket)
                {
                    bucket.Refund();
                    alarm.Changed(limit);
                }
            }
        }
    }
}
