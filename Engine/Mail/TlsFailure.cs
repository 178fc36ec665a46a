namespace Engine.Mail;

/// <summary>What went wrong with TLS, in the words of a TLS report: <c>result-type</c>. RFC 8460 §4.3.</summary>
internal enum TlsFailure : byte
{
    /// <summary>Nothing: the session counts as successful.</summary>
    None,

    /// <summary><c>starttls-not-supported</c>.</summary>
    StartTlsNotSupported,

    /// <summary><c>certificate-host-mismatch</c>.</summary>
    CertificateHostMismatch,

    /// <summary><c>certificate-expired</c>; also for one that is not valid yet.</summary>
    CertificateExpired,

    /// <summary><c>certificate-not-trusted</c>.</summary>
    CertificateNotTrusted,

    /// <summary><c>validation-failure</c>: the handshake failed for another reason.</summary>
    ValidationFailure,

    /// <summary><c>tlsa-invalid</c>: no usable TLSA record, or none that matches.</summary>
    TlsaInvalid,

    /// <summary><c>dnssec-invalid</c>: the TLSA records could not be validated.</summary>
    DnssecInvalid,

    /// <summary><c>dane-required</c>: DANE was asked for by configuration, and there is none.</summary>
    DaneRequired,

    /// <summary><c>sts-policy-fetch-error</c>.</summary>
    StsPolicyFetch,

    /// <summary><c>sts-policy-invalid</c>.</summary>
    StsPolicyInvalid,

    /// <summary><c>sts-webpki-invalid</c>: the policy host's certificate.</summary>
    StsWebPkiInvalid,
}
