namespace Engine.Demo;

/// <summary>What a scripted receiver offers in its answer to EHLO.</summary>
[Flags]
internal enum ReceiverOffers : ushort
{
    None = 0,

    /// <summary>RFC 2920.</summary>
    Pipelining = 1,

    /// <summary>BDAT. RFC 3030.</summary>
    Chunking = 2,

    /// <summary>RFC 6152.</summary>
    EightBitMime = 4,

    /// <summary>RFC 1870.</summary>
    Size = 8,

    /// <summary>RFC 6531.</summary>
    SmtpUtf8 = 16,

    /// <summary>RFC 3207. Needs a certificate.</summary>
    StartTls = 32,

    /// <summary>RFC 2034. Without it replies carry no enhanced code.</summary>
    EnhancedStatusCodes = 64,

    /// <summary>AUTH PLAIN, any login taken: for clients under test. RFC 4954.</summary>
    AuthPlain = 128,
}
