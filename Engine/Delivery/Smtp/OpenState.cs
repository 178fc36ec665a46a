namespace Engine.Delivery.Smtp;

/// <summary>How the opening of a session ended. All but <see cref="Ready"/> leave nothing to do but dispose it.</summary>
internal enum OpenState : byte
{
    /// <summary>Messages may be sent.</summary>
    Ready,

    /// <summary>The server said no: see the verdict.</summary>
    Refused,

    /// <summary>The connection was lost or the time was over.</summary>
    Broken,

    /// <summary>The server sent what is no reply, or spoke out of turn.</summary>
    Malformed,

    /// <summary>The handshake failed. Opportunistic: connect again with <see cref="Configuration.TlsPolicy.Off"/>. RFC 7435.</summary>
    TlsFailed,

    /// <summary>TLS is required, and the server does not offer it.</summary>
    NoTls,

    /// <summary>REQUIRETLS is asked for, and the server does not offer it. RFC 8689 §4.2.1.</summary>
    NoRequireTls,

    /// <summary>REQUIRETLS is asked for, and the server refuses EHLO within TLS: what it can do is not known.</summary>
    NoEhlo,

    /// <summary>A login is asked for, and the server offers none that may be used: no mechanism, or no TLS.</summary>
    NoLogin,

    /// <summary>The server goes by a name of our own.</summary>
    Ourselves,
}
