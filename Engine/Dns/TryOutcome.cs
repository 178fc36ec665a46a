namespace Engine.Dns;

/// <summary>How one try with one server ended.</summary>
internal enum TryOutcome : byte
{
    /// <summary>An answer, be it yes or no.</summary>
    Answered,

    /// <summary>A message that is no reply to this question: wrong id, wrong question, not a reply. Goes on waiting (UDP).</summary>
    Stray,

    /// <summary>The TC bit: the rest comes by TCP only.</summary>
    Truncated,

    /// <summary>The right reply, broken inside.</summary>
    Malformed,

    /// <summary>FORMERR, NOTIMP or BADVERS: perhaps the server does not know EDNS. RFC 6891 §7.</summary>
    NoEdns,

    /// <summary>SERVFAIL, or a code that makes no sense here.</summary>
    ServerFailed,

    Refused,

    TimedOut,

    /// <summary>Nobody listens there, or there is no way.</summary>
    Unreachable,
}
