namespace Engine.Mail;

/// <summary>What the next server must offer for this message to pass unchanged.</summary>
[Flags]
internal enum BodyNeeds : byte
{
    None = 0,

    /// <summary>Octets above 127 in the content. RFC 6152.</summary>
    EightBit = 1,

    /// <summary>UTF-8 in an address or a header. RFC 6531.</summary>
    SmtpUtf8 = 2,

    /// <summary>REQUIRETLS was said: every hop must be TLS with a checked certificate, and must pass that on. RFC 8689 §4.</summary>
    RequireTls = 4,

    /// <summary><c>TLS-Required: No</c>: delivery matters more than what policies of the recipient's domain ask of TLS. RFC 8689 §3. Never beside <see cref="RequireTls"/>.</summary>
    TlsOptional = 8,
}
