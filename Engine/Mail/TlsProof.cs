namespace Engine.Mail;

/// <summary>What a certificate was held against, and held. In events <c>tls.verified</c> says whether there is one, <c>tls.proof</c> which, in lower case.</summary>
internal enum TlsProof : byte
{
    /// <summary>Nothing: whoever stood in between could have been the peer.</summary>
    None,

    /// <summary>TLSA records. RFC 7672.</summary>
    Dane,

    /// <summary>The exchanger's name that an MTA-STS policy names, and roots. RFC 8461 §4.2.</summary>
    Sts,

    /// <summary>The name of the host connected to, and roots. RFC 6125, RFC 5280.</summary>
    Pkix,
}
