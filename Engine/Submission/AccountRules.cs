using System.Collections.Frozen;
using Engine.Configuration;

namespace Engine.Submission;

/// <summary>An account as admission needs it. Immutable.</summary>
internal sealed record AccountRules
{
    public required string Name { get; init; }

    public required AccountStatus Status { get; init; }

    /// <summary>It has findings of its own: nothing is taken from it.</summary>
    public required bool IsBroken { get; init; }

    public required DomainSet Domains { get; init; }

    public required FrozenDictionary<string, StreamRules> Streams { get; init; }

    /// <summary>Stream of mail that names none; null when it must name one.</summary>
    public required StreamRules? Default { get; init; }

    /// <summary>Messages taken per time; null for no limit.</summary>
    public Rate? InjectRate { get; init; }

    /// <summary>Recipients per window; null for no limit.</summary>
    public QuotaOptions? Quota { get; init; }

    /// <summary>When recipients of one submission get heads of their own.</summary>
    public PerRecipient PerRecipient { get; init; }

    /// <summary>Each message gets a Message-ID of ours.</summary>
    public bool UniqueMessageId { get; init; }

    /// <summary>Where its days begin; null for the engine's.</summary>
    public TimeZoneInfo? Zone { get; init; }
}
