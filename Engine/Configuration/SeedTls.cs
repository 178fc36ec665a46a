namespace Engine.Configuration;

/// <summary>How TLS begins with the IMAP server of a seed; never in the clear.</summary>
internal enum SeedTls : byte
{
    /// <summary>From the first octet. RFC 8314.</summary>
    Implicit,

    /// <summary>After STARTTLS; without it there is no login. RFC 9051 §6.2.1.</summary>
    Starttls,
}
