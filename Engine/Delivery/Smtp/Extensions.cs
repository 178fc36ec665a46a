namespace Engine.Delivery.Smtp;

/// <summary>What a server offered in its answer to EHLO, as far as this client makes use of it.</summary>
[Flags]
internal enum Extensions : ushort
{
    None = 0,

    /// <summary>RFC 2920.</summary>
    Pipelining = 1,

    /// <summary>BDAT. RFC 3030.</summary>
    Chunking = 2,

    /// <summary>RFC 1870.</summary>
    Size = 4,

    /// <summary>RFC 6152.</summary>
    EightBitMime = 8,

    /// <summary>RFC 6531.</summary>
    SmtpUtf8 = 16,

    /// <summary>RFC 3461.</summary>
    Dsn = 32,

    /// <summary>RFC 3207.</summary>
    StartTls = 64,

    /// <summary>RFC 2034.</summary>
    EnhancedStatusCodes = 128,

    /// <summary>RFC 9422.</summary>
    Limits = 256,

    /// <summary>AUTH PLAIN. RFC 4954, RFC 4616.</summary>
    AuthPlain = 512,

    /// <summary>AUTH LOGIN: in no RFC, and all that some servers offer.</summary>
    AuthLogin = 1_024,

    /// <summary>RFC 8689.</summary>
    RequireTls = 2_048,
}
