namespace Engine.Dkim;

/// <summary>Kinds of key that <c>dkim generate</c> makes.</summary>
internal enum KeyKind : byte
{
    /// <summary>What every receiver verifies and DNS still carries in one answer.</summary>
    Rsa2048,

    Rsa3072,

    Rsa4096,

    /// <summary>RFC 8463. Few large receivers verify it: only beside an RSA key.</summary>
    Ed25519,
}
