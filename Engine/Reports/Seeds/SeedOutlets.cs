using Engine.Mail;

namespace Engine.Reports.Seeds;

/// <summary>What the seed desk works with. Who composes says it.</summary>
internal sealed record SeedOutlets
{
    /// <summary>Takes probes.</summary>
    public required IIntake Intake { get; init; }

    /// <summary>Looks into a mailbox: the seed, the tokens looked for, from before when old probes are removed.</summary>
    public required Func<SeedPlan, IReadOnlyList<string>, DateTimeOffset?, CancellationToken, ValueTask<SeedVisit>> VisitAsync { get; init; }

    /// <summary>What probes look like now.</summary>
    public required Func<SeedMail> Mail { get; init; }

    /// <summary>Who they are from.</summary>
    public required Func<SeedPlan, Mailbox> From { get; init; }

    /// <summary>Whether a message still waits in our own queue.</summary>
    public required Func<MessageId, CancellationToken, ValueTask<bool>> IsQueuedAsync { get; init; }

    /// <summary>Which of our sources stands in Received fields; empty for none.</summary>
    public required Func<IReadOnlyList<string>, string> SourceIn { get; init; }

    /// <summary>Key <c>node</c>.</summary>
    public required int Node { get; init; }
}
