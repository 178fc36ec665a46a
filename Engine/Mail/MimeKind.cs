namespace Engine.Mail;

/// <summary>What a part of a mail is, as far as reports of what became of mail need it.</summary>
internal enum MimeKind : byte
{
    /// <summary>Nothing to read: pictures, archives, unknown types.</summary>
    Other,

    /// <summary>Text for people.</summary>
    Text,

    /// <summary>Text for people in HTML.</summary>
    Html,

    /// <summary>Parts in a row; they follow it.</summary>
    Multipart,

    /// <summary>A mail: <c>message/rfc822</c>, <c>message/global</c>.</summary>
    Message,

    /// <summary>The header of a mail: <c>text/rfc822-headers</c> (RFC 6522 §4), <c>message/global-headers</c>.</summary>
    Headers,

    /// <summary>Fields of a delivery status notification, RFC 3464 and 6533.</summary>
    DeliveryStatus,

    /// <summary>Fields of a complaint, RFC 5965.</summary>
    FeedbackReport,

    /// <summary>Fields of a disposition notification, RFC 8098.</summary>
    Disposition,
}
