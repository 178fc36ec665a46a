namespace Engine.Configuration;

/// <summary>Whether mail may leave in the clear.</summary>
internal enum TlsPolicy : byte
{
    /// <summary>STARTTLS where offered, any certificate; in the clear when it is not offered or the handshake fails. RFC 7435.</summary>
    Opportunistic,

    /// <summary>STARTTLS or no delivery; any certificate.</summary>
    Required,

    /// <summary>Never STARTTLS.</summary>
    Off,
}
