namespace Engine.Reputation.Blocklists;

/// <summary>What an answer of a list says. Only the first two say anything about us.</summary>
internal enum ListVerdict : byte
{
    NotListed,
    Listed,

    /// <summary>A code of the list that is no listing, or one we do not know: shown, never counted.</summary>
    Other,

    /// <summary>The operator does not answer us: quota, open resolver, no key (127.255.255.0/24 and codes of the zone).</summary>
    Refused,

    /// <summary>An address outside 127.0.0.0/8 (RFC 5782 §2.1): a parked zone or a resolver that lies.</summary>
    Foreign,

    /// <summary>Time-out, SERVFAIL and the like.</summary>
    NoAnswer,
}
