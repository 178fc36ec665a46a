using Engine.Mail;

namespace Engine.Queue;

/// <summary>A copy of what the index knows about one queued recipient, without reading the log.</summary>
internal readonly record struct QueuedRecipient
{
    public MessageId Id { get; init; }

    /// <summary>Index in the envelope.</summary>
    public ushort Index { get; init; }

    public RecipientState State { get; init; }

    /// <summary>Attempts that counted.</summary>
    public ushort Attempts { get; init; }

    /// <summary>True after a dot without an answer.</summary>
    public bool IsUncertain { get; init; }

    /// <summary>For <see cref="MailQueue.FlowOf"/>.</summary>
    public int Flow { get; init; }

    /// <summary>For <see cref="MailQueue.DomainOf"/>.</summary>
    public int Domain { get; init; }

    public DateTimeOffset Accepted { get; init; }

    /// <summary>Next attempt not before; whole seconds.</summary>
    public DateTimeOffset Due { get; init; }

    /// <summary>The stream's or message's own end; null leaves it to the configuration.</summary>
    public DateTimeOffset? GiveUp { get; init; }

    /// <summary>Category of the last failure; default for none.</summary>
    public Category Category { get; init; }

    /// <summary>Octets of head and content.</summary>
    public long Size { get; init; }
}
