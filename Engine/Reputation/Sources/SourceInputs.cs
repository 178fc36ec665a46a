using Engine.Configuration;
using Engine.Reputation.Warmup;

namespace Engine.Reputation.Sources;

/// <summary>All that is known of a source, from those who know it.</summary>
internal sealed record SourceInputs
{
    public required Source Source { get; init; }

    /// <summary>Names of the pools it is in.</summary>
    public IReadOnlyList<string> Pools { get; init; } = [];

    /// <summary>Of the monitor; null when it does not look for it.</summary>
    public SourcePresence? Presence { get; init; }

    /// <summary>The override <c>source.disable.NAME</c>.</summary>
    public Override? Disabled { get; init; }

    /// <summary>The override <c>source.drain.NAME</c>.</summary>
    public Override? Drained { get; init; }

    public IReadOnlyList<SourceQuarantine> Quarantines { get; init; } = [];

    /// <summary>Of the book of sources.</summary>
    public IReadOnlyList<WarmupStanding> Warmup { get; init; } = [];

    /// <summary>Of the book of sources.</summary>
    public string? Advice { get; init; }
}
