using Engine.Configuration;
using Engine.Reputation.Warmup;

namespace Engine.Reputation.Sources;

/// <summary>How it stands with a source, for operators; written to JSON as it is.</summary>
internal sealed record SourceState
{
    public required string Name { get; init; }

    /// <summary>What receivers see; null for the host's default.</summary>
    public required string? Address { get; init; }

    /// <summary>What is bound here; null when nothing is.</summary>
    public required string? Bind { get; init; }

    public required string Ehlo { get; init; }

    public required IReadOnlyList<string> Pools { get; init; }

    public required SourceCondition Condition { get; init; }

    /// <summary>Whether new mail may leave from it, to some operators at least.</summary>
    public required bool TakesMail { get; init; }

    /// <summary>Why it is in this condition, in words; null when enabled.</summary>
    public string? Why { get; init; }

    /// <summary>Who or what made it so; null when enabled.</summary>
    public string? Who { get; init; }

    public DateTimeOffset? Since { get; init; }

    /// <summary>When the condition ends by itself; null when never, or when that cannot be known.</summary>
    public DateTimeOffset? Until { get; init; }

    public required IReadOnlyList<SourceQuarantine> Quarantines { get; init; }

    /// <summary>Every operator at which it is known, warm or not.</summary>
    public required IReadOnlyList<WarmupStanding> Warmup { get; init; }

    /// <summary>What an operator should think about; null for nothing.</summary>
    public required string? Advice { get; init; }

    public static SourceState Of(SourceInputs inputs)
    {
        var bare = new SourceState
        {
            Name = inputs.Source.Name,
            Address = inputs.Source.Address?.ToString(),
            Bind = inputs.Source.Bind?.ToString(),
            Ehlo = inputs.Source.Ehlo,
            Pools = inputs.Pools,
            Condition = SourceCondition.Enabled,
            TakesMail = true,
            Quarantines = inputs.Quarantines,
            Warmup = inputs.Warmup,
            Advice = inputs.Advice,
        };
        return inputs switch
        {
            { Disabled: { } order } => ByOrder(bare, SourceCondition.Disabled, order),
            { Presence: { IsUsable: false } presence } => ByPresence(bare, inputs.Source, presence),
            { Drained: { } order } => ByOrder(bare, SourceCondition.Drained, order),
            { Quarantines.Count: > 0 } => ByQuarantine(bare, inputs.Quarantines),
            _ when inputs.Warmup.Any(standing => !standing.IsWarm) => ByWarmup(bare, inputs.Warmup),
            _ => bare,
        };
    }

    private static SourceState ByOrder(SourceState bare, SourceCondition condition, Override order) => bare with
    {
        Condition = condition,
        TakesMail = false,
        Why = order.Reason,
        Who = order.Who,
        Since = order.Since,
        Until = order.Until,
    };

    private static SourceState ByPresence(SourceState bare, Source source, SourcePresence presence) => bare with
    {
        Condition = presence.Presence is AddressPresence.InterfaceDown ? SourceCondition.InterfaceDown : SourceCondition.AddressMissing,
        TakesMail = false,
        Why = SourceChange.Words(source, presence.Presence),
        Who = "source-address",
        Since = presence.Since,
    };

    // One that holds everywhere says most; else the one that began first.
    private static SourceState ByQuarantine(SourceState bare, IReadOnlyList<SourceQuarantine> quarantines)
    {
        var first = quarantines.OrderBy(quarantine => quarantine.Operator is not null).ThenBy(quarantine => quarantine.Since).First();
        return bare with
        {
            Condition = SourceCondition.Quarantined,
            TakesMail = first.Operator is not null,
            Why = first.Operator is null ? first.Reason : $"{first.Reason} (at {string.Join(", ", quarantines.Select(quarantine => quarantine.Operator))})",
            Who = first.Rule,
            Since = first.Since,
            Until = first.Until,
        };
    }

    private static SourceState ByWarmup(SourceState bare, IReadOnlyList<WarmupStanding> warmup)
    {
        var last = warmup.Where(standing => !standing.IsWarm).ToList();
        return bare with
        {
            Condition = SourceCondition.Warming,
            Why = $"warms up at {last.Count} of {warmup.Count} operators",
            Who = "warmup",
            Until = last.TrueForAll(standing => standing.DoneOn is not null)
                ? last.Max(standing => standing.DoneOn!.Value).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc)
                : null,
        };
    }
}
