namespace Engine.Configuration;

/// <summary>A retry schedule by name: the keys of <c>delivery.retry</c>, and the fixed one for a dot without an answer.</summary>
internal enum RetryKind : byte
{
    Default,

    /// <summary>After connection limits and closed sessions.</summary>
    Short,

    /// <summary>After greylisting; from the same source.</summary>
    Greylist,

    /// <summary>The recipient is over quota.</summary>
    MailboxFull,

    /// <summary>This one recipient gets mail too fast.</summary>
    RecipientRate,

    /// <summary>The provider limits a source or domain: when control's pause for it ends.</summary>
    Throttled,

    /// <summary>A source is blocked or listed.</summary>
    Blocked,

    /// <summary>Not before 30 minutes: the receiver may have the message. architecture.md §3. No key: never written.</summary>
    Uncertain,
}
