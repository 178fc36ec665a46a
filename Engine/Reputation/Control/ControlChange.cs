using Engine.Configuration.Providers;
using Engine.Mail;

namespace Engine.Reputation.Control;

/// <summary>One thing control did. The caller sets the limits by it and writes the event.</summary>
internal sealed record ControlChange
{
    public required DateTimeOffset At { get; init; }

    public required ControlChangeKind Kind { get; init; }

    public required ControlKey Key { get; init; }

    public Allowance Before { get; init; }

    public Allowance After { get; init; }

    /// <summary>For a source at a receiver.</summary>
    public SourceShare ShareBefore { get; init; } = SourceShare.Full;

    /// <summary>For a source at a receiver.</summary>
    public SourceShare ShareAfter { get; init; } = SourceShare.Full;

    /// <summary>A reply rule's id, or <c>control/…</c> for a rule of our own.</summary>
    public required string Rule { get; init; }

    /// <summary>When it ends by itself; null when it ends by good replies.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>A sentence for the operator.</summary>
    public required string Reason { get; init; }

    /// <summary>For <see cref="ControlChangeKind.Requested"/>: what the rule asks.</summary>
    public FlowAction? Request { get; init; }

    /// <summary>The event to write; null for none.</summary>
    public EventKind? Event => Kind switch
    {
        ControlChangeKind.Paused when Key.Scope is FlowScope.CampaignAtProvider => EventKind.CampaignPaused,
        ControlChangeKind.Stopped => EventKind.SourceQuarantined,
        ControlChangeKind.Restored => EventKind.SourceRestored,
        ControlChangeKind.Alert => EventKind.Alert,
        ControlChangeKind.Raised or ControlChangeKind.Requested => null,
        _ => EventKind.Throttled,
    };
}
