namespace Engine.Mail;

/// <summary>Whose policy a handshake was held against: <c>policy-type</c> of a TLS report. RFC 8460 §4.4.</summary>
internal enum TlsPolicyKind : byte
{
    /// <summary><c>no-policy-found</c>: neither DANE nor MTA-STS.</summary>
    None,

    /// <summary><c>sts</c>: MTA-STS, RFC 8461.</summary>
    Sts,

    /// <summary><c>tlsa</c>: DANE, RFC 7672.</summary>
    Tlsa,
}
