using Engine.Limits;
using Engine.Mail;
using Engine.Reputation.Blocklists;
using Engine.Reputation.Control;
using Engine.Reputation.Sources;
using Engine.Reputation.Warmup;

namespace Engine.Reputation.Steering;

/// <summary>What the helm holds.</summary>
internal sealed record HelmParts
{
    public required LimitTree Limits { get; init; }

    public required TrafficControl Control { get; init; }

    public required WarmupBook SourceWarmup { get; init; }

    public required WarmupBook DomainWarmup { get; init; }

    public required SourceMonitor Monitor { get; init; }

    public required IEvents Events { get; init; }

    public required TimeProvider Clock { get; init; }

    /// <summary>What block lists leave of a source at an operator.</summary>
    public Func<string, string, Quarantine> Listing { get; init; } = static (_, _) => Quarantine.None;

    /// <summary>Moves when an answer of <see cref="Listing"/> changes.</summary>
    public Func<long> ListingVersion { get; init; } = static () => 0;
}
