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
}
