namespace Engine.Delivery.Dane;

/// <summary>How a record gives that part. RFC 6698 §2.1.3.</summary>
internal enum TlsaMatching : byte
{
    /// <summary>The octets themselves.</summary>
    Full = 0,

    Sha256 = 1,

    Sha512 = 2,
}
