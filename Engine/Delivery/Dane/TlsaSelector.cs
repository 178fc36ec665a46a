namespace Engine.Delivery.Dane;

/// <summary>Which part of a certificate a record is about. RFC 6698 §2.1.2.</summary>
internal enum TlsaSelector : byte
{
    Certificate = 0,

    /// <summary>SubjectPublicKeyInfo.</summary>
    PublicKey = 1,
}
