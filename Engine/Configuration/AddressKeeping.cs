namespace Engine.Configuration;

/// <summary>Whether suppressed addresses are kept in a form that can be read again.</summary>
internal enum AddressKeeping : byte
{
    /// <summary>Encrypted with the list's key, so that an export can name them.</summary>
    Encrypted,

    /// <summary>Digests only: an export gives no addresses.</summary>
    None,
}
