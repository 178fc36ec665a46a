namespace Engine.Reports.Imap;

/// <summary>What the session does next to be let in.</summary>
internal enum ImapStep : byte
{
    /// <summary>Ask for CAPABILITY.</summary>
    Capability,

    /// <summary>STARTTLS and the handshake; what was known of the server is forgotten.</summary>
    StartTls,

    /// <summary>AUTHENTICATE PLAIN with the initial response in the same line. RFC 4959.</summary>
    PlainAtOnce,

    /// <summary>AUTHENTICATE PLAIN, then the response.</summary>
    Plain,

    /// <summary>LOGIN, with literals where needed.</summary>
    Login,

    /// <summary>Logged in.</summary>
    Ready,

    /// <summary>It cannot be done; <see cref="ImapOpening.Trouble"/> says why.</summary>
    Fail,
}
