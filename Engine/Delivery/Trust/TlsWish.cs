namespace Engine.Delivery.Trust;

/// <summary>What a message's sender asks of TLS on its way. Messages that ask for different things never share a session.</summary>
internal enum TlsWish : byte
{
    /// <summary>Nothing: policies decide. Also mail with the null sender that asked for REQUIRETLS: it gets it where it can be had (RFC 8689 §5).</summary>
    Usual,

    /// <summary>REQUIRETLS. RFC 8689 §4.2.</summary>
    Required,

    /// <summary><c>TLS-Required: No</c>: what the recipient's domain asks is not looked at. RFC 8689 §3 and §4.2.2.</summary>
    Optional,
}
