namespace Engine.Configuration;

/// <summary>Size of the RSA keys that rotation makes.</summary>
internal enum RotatedRsa : byte
{
    Rsa2048,
    Rsa3072,
    Rsa4096,
}
