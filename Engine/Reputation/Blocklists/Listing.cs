namespace Engine.Reputation.Blocklists;

/// <summary>One subject on one list. Owned by <see cref="ListingBook"/>.</summary>
internal sealed class Listing(ListSubject subject, Blocklist list, DateTimeOffset firstSeen)
{
    public ListSubject Subject { get; } = subject;

    public Blocklist List { get; } = list;

    public ListingState State { get; set; }

    public DateTimeOffset FirstSeen { get; } = firstSeen;

    /// <summary>When it was confirmed.</summary>
    public DateTimeOffset Since { get; set; } = firstSeen;

    /// <summary>Last answer that said listed.</summary>
    public DateTimeOffset LastSeen { get; set; } = firstSeen;

    public string Meaning { get; set; } = string.Empty;

    public TimeSpan Ttl { get; set; }

    /// <summary>Answers in a row that said listed, while it is not confirmed.</summary>
    public int Hits { get; set; }

    /// <summary>Answers in a row that said not listed.</summary>
    public int Clean { get; set; }

    public DateTimeOffset CleanSince { get; set; }

    /// <summary>When the list last said anything about it.</summary>
    public DateTimeOffset LastWord => Clean > 0 && CleanSince > LastSeen ? CleanSince : LastSeen;

    /// <summary>The source's mail is moved away because of this.</summary>
    public bool IsQuarantined { get; set; }

    /// <summary>It was to be quarantined, and stays because its pool needs it; said once.</summary>
    public bool IsKept { get; set; }

    public DateTimeOffset ReturnSince { get; set; }

    /// <summary>Step of the return last announced.</summary>
    public int Step { get; set; }

    /// <summary>Whether it may move mail away.</summary>
    public bool IsWeighty => State is ListingState.Listed && Subject.IsSource && List.Weight is not ListWeight.White && List.Affects.Count > 0;
}
