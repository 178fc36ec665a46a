namespace Engine.Mail;

/// <summary>Content-Transfer-Encoding, RFC 2045 §6.</summary>
internal enum TransferEncoding : byte
{
    /// <summary>7bit, 8bit, binary, and whatever is not known.</summary>
    Identity,

    QuotedPrintable,

    Base64,
}
