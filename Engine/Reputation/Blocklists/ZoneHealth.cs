namespace Engine.Reputation.Blocklists;

/// <summary>What the self-test of a list found. Only a good one counts.</summary>
internal enum ZoneHealth : byte
{
    Untested,
    Good,

    /// <summary>No answer, three times, while other lists answered.</summary>
    Silent,

    /// <summary>What must be listed is not: the zone was emptied, or never followed RFC 5782 §5.</summary>
    Empty,

    /// <summary>What must not be listed is: it lists everything.</summary>
    Wildcard,

    /// <summary>It does not serve our resolver.</summary>
    Refused,

    /// <summary>Answers outside 127.0.0.0/8: parked, or the resolver lies.</summary>
    Foreign,
}
