using Engine.Configuration;

namespace Engine.Submission;

/// <summary>A listener as a session needs it. Immutable.</summary>
internal sealed record ListenerRules
{
    public required string Name { get; init; }

    public required ListenerOptions Options { get; init; }

    public required ListenerTls Tls { get; init; }

    public required NetworkSet Clients { get; init; }

    public bool NeedsAuth => Options.Auth is ListenerAuth.Required;
}
