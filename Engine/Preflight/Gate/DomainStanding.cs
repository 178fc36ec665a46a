using Engine.Mail;

namespace Engine.Preflight.Gate;

/// <summary>How a domain stands with the gate. Immutable.</summary>
/// <param name="Domain">The sender domain.</param>
/// <param name="Last">Of the last check.</param>
/// <param name="Checked">When that was.</param>
internal sealed record DomainStanding(DomainName Domain, GateEvidence Last, DateTimeOffset Checked)
{
    /// <summary>First check that contradicted, with no good one since; null where nothing does.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>How long DNS was seen to contradict: only time between two such checks in a row counts, at most two hours of it, so that neither a broken resolver nor a stopped engine adds any.</summary>
    public TimeSpan Observed { get; init; }

    /// <summary>What is wrong, in words; empty where nothing is.</summary>
    public string Reason { get; init; } = string.Empty;

    /// <summary>An alert has told of this contradiction: at the pause, or under advise when it had lasted for the grace.</summary>
    public bool IsTold { get; init; }

    /// <summary>It may not send.</summary>
    public bool IsPaused { get; init; }
}
