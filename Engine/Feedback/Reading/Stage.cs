namespace Engine.Feedback.Reading;

/// <summary>What a quoted reply answered, where the text tells it.</summary>
internal enum Stage : byte
{
    /// <summary>Not told.</summary>
    Unknown,

    /// <summary>Connection, greeting, EHLO, STARTTLS: nothing is said of a recipient.</summary>
    Connection,

    Mail,

    Rcpt,

    /// <summary>DATA or the end of the content.</summary>
    Content,
}
