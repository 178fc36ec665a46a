using Engine.Configuration.Providers;
using Engine.Mail;

namespace Engine.Reputation;

/// <summary>What one recipient's attempt says about the way it took. Local trouble is never observed.</summary>
internal readonly record struct Observation
{
    public required DateTimeOffset At { get; init; }

    /// <summary>Name of the source.</summary>
    public required string Source { get; init; }

    /// <summary>The provider's id; for a destination of none its own name. Limits and control are keyed by it.</summary>
    public required string Operator { get; init; }

    /// <summary>Domain of the From header.</summary>
    public required string SenderDomain { get; init; }

    public required string Account { get; init; }

    public required string Campaign { get; init; }

    public required StreamClass Class { get; init; }

    public required ObservationKind Kind { get; init; }

    /// <summary>Of the judgement; default when delivered.</summary>
    public Category Category { get; init; }

    public CategoryClass CategoryClass { get; init; }

    /// <summary>The rule that matched; null when delivered.</summary>
    public string? Rule { get; init; }

    /// <summary>What the rule does to the flow.</summary>
    public IReadOnlyList<FlowAction> Actions { get; init; }

    /// <summary>Which command was answered: at connect and EHLO no message is to blame.</summary>
    public SmtpCommand Command { get; init; }

    /// <summary>Messages sent on this connection, this one included; 0 when it was not opened.</summary>
    public int MessagesOnConnection { get; init; }

    /// <summary>Recipients the server had taken in this transaction when it answered; 0 when not counted. What a bound on recipients is learned from.</summary>
    public int RecipientsInTransaction { get; init; }
}
