namespace Engine.Delivery.Smtp;

/// <summary>What the session does after a reply.</summary>
internal enum Step : byte
{
    /// <summary>Read the next reply, or send the next command when every command sent has been answered.</summary>
    Await,

    /// <summary>Send the message and its end: dot-stuffed with a final dot, or by BDAT. Then read the next reply.</summary>
    SendContent,

    /// <summary>Send a single dot: the server opened DATA although it took no recipient. RFC 2920 §3.1.</summary>
    SendLoneDot,

    /// <summary>Over, and the connection is clean: the next MAIL may follow.</summary>
    Done,

    /// <summary>Over, but the server still holds the transaction open: send RSET before the next MAIL.</summary>
    Reset,

    /// <summary>The peer is leaving or out of step: close the connection.</summary>
    Close,
}
