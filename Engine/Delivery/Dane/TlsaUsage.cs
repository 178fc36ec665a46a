namespace Engine.Delivery.Dane;

/// <summary>Certificate usages that SMTP knows. RFC 7672 §3.1; 0 and 1 name public authorities and cannot be used here (§3.1.3).</summary>
internal enum TlsaUsage : byte
{
    /// <summary>DANE-TA: an authority whose certificate stands in the chain that the server sends.</summary>
    TrustAnchor = 2,

    /// <summary>DANE-EE: the server's own certificate; its names and dates do not matter.</summary>
    EndEntity = 3,
}
