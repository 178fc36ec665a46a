namespace Engine.Configuration;

/// <summary>Whether mail may leave in the clear.</summary>
internal enum TlsPolicy : byte
{
    /// <summary>STARTTLS where offered, any certificate; in the clear when it is not offered or the handshake fails. RFC 7435.</summary>
    Opportunistic,

    /// <summary>STARTTLS or no delivery; any certificate.</summary>
    Required,

    /// <summary>STARTTLS and a certificate for the name of the host, signed by a root of the system or of <c>delivery.tls.roots</c>; or TLSA records that hold. Nothing else. RFC 6125, RFC 7672.</summary>
    Verified,

    /// <summary>Never STARTTLS; no policy of receivers is looked at.</summary>
    Off,
}
