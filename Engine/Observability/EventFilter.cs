using Engine.Mail;

namespace Engine.Observability;

/// <summary>Which events are wanted; everything that is set must hold.</summary>
internal sealed record EventFilter
{
    public static readonly EventFilter All = new();

    public MessageId? Id { get; init; }

    /// <summary>The recipient's address; ASCII letters match in either case.</summary>
    public string? To { get; init; }

    /// <summary>Message-ID header, with or without brackets.</summary>
    public string? HeaderMessageId { get; init; }

    /// <summary>At or after.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Before.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Null is every kind.</summary>
    public IReadOnlyCollection<EventKind>? Kinds { get; init; }
}
