using Engine.Configuration;

namespace Engine.Submission;

/// <summary>A listener as a session needs it. Immutable.</summary>
internal sealed record ListenerRules
{
    public required string Name { get; init; }

    public required ListenerOptions Options { get; init; }

    public required ListenerTls Tls { get; init; }

    public required NetworkSet Clients { get; init; }

    /// <summary>Takes what comes back, and nothing else.</summary>
    public bool IsFeedback => Options.Role is ListenerRole.Feedback;

    /// <summary>Never of a feedback listener: whoever has something to report comes without a login.</summary>
    public bool NeedsAuth => Options.Auth is ListenerAuth.Required && !IsFeedback;
}
