namespace Engine.Reports.Imap;

/// <summary>Where a server's response ends.</summary>
internal enum ImapFrame : byte
{
    Complete,

    /// <summary>The octets end inside the response.</summary>
    NeedMore,

    /// <summary>A line, a literal or the whole is longer than we take.</summary>
    TooLong,
}
