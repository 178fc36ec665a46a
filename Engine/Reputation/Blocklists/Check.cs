namespace Engine.Reputation.Blocklists;

/// <summary>One list that is asked about one subject, again and again. Owned by <see cref="CheckPlan"/>, whose lock guards it.</summary>
internal sealed class Check(ListSubject subject, Blocklist list, long interval, long phase)
{
    public ListSubject Subject { get; } = subject;

    public Blocklist List { get; } = list;

    /// <summary>Ticks between two checks.</summary>
    public long Interval { get; } = interval;

    /// <summary>Its place within the interval, in ticks.</summary>
    public long Phase { get; } = phase;

    /// <summary>UTC ticks; an entry of the heap with another time is stale.</summary>
    public long Due { get; set; }

    /// <summary>UTC ticks of the last answer; 0 before the first.</summary>
    public long Answered { get; set; }

    public bool IsOut { get; set; }

    public bool IsRemoved { get; set; }

    /// <summary>The first time after this moment that is in its phase: what comes late does not shift what follows.</summary>
    public long After(long now)
    {
        var behind = (now - Phase) % Interval;
        return now - behind + Interval;
    }
}
