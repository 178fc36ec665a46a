namespace Engine.Delivery.Smtp;

/// <summary>Where a transaction left the connection, and what the recipients without a verdict may believe.</summary>
internal enum SessionState : byte
{
    /// <summary>Every recipient has its verdict; the next message may follow.</summary>
    Reusable,

    /// <summary>The verdicts stand, and no further message may follow: 421, octets behind the last reply, a refused RSET, or LIMITS MAILMAX reached. Close it.</summary>
    Closing,

    /// <summary>Nothing was sent: the idle connection had gone, or the peer had spoken out of turn. No attempt.</summary>
    Stale,

    /// <summary>Lost before the end of the content was on the wire. Recipients without a verdict: try again.</summary>
    Broken,

    /// <summary>The end of the content was sent and not answered by anything that can be trusted. Recipients without a verdict are uncertain.</summary>
    Uncertain,

    /// <summary>The server sent what is no reply, was out of step or spoke early, before the end of the content. Recipients without a verdict: try again.</summary>
    Malformed,

    /// <summary>The caller's <c>stop</c> came before the end of the content was on the wire. No attempt.</summary>
    Stopped,

    /// <summary>SMTPUTF8 is needed and not offered: nothing was sent, the connection is reusable. RFC 6531 §3.5: next MX, then 5.6.7.</summary>
    NeedsSmtpUtf8,

    /// <summary>REQUIRETLS is needed and not offered: nothing was sent, the connection is reusable. RFC 8689 §4.2.1: 5.7.30.</summary>
    NeedsRequireTls,

    /// <summary>The message holds a bare CR or LF, a NUL, or an address or parameter that is no such thing: its end was never sent, the connection is spent.</summary>
    Unclean,

    /// <summary>A piece of a large message could not be read back from the disk: its end was never sent, the connection is spent. No attempt.</summary>
    Unreadable,
}
