using Engine.Limits;
using Engine.Mail;
using Engine.Wire;

namespace Engine.Submission;

/// <summary>What the sessions of one server share. All of it is thread-safe.</summary>
internal sealed record SessionParts(
    RulesInForce Rules,
    Authenticator Logins,
    BlockPool Blocks,
    IMessageStore Store,
    Func<IHeadSealer> MakeSealer,
    IntakeLedger Ledger,
    SubmissionLimits Limits,
    TimeProvider Clock,
    ILogger Log)
{
    /// <summary>What accounts may hand in. By default a tree of its own, which nobody saves.</summary>
    public AccountMeters Meters { get; init; } = new(new LimitTree(Clock), Clock);

    /// <summary>Names recipients in tokens, as suppression does; null names nobody, and no field with a token is added. Must not block.</summary>
    public Func<Mailbox, AddressDigest>? DigestOf { get; init; }

    /// <summary>Whether a recipient is known as engaged; null knows nobody. Must not block.</summary>
    public Func<Mailbox, Engagement?>? EngagementOf { get; init; }

    /// <summary>Why an address gets no mail of an account, whatever its stream; asked at RCPT where <c>suppression.answer</c> is <c>reject</c>. Null asks nobody.</summary>
    public Func<Mailbox, AccountRules, CancellationToken, ValueTask<SuppressionReason>>? StandingOf { get; init; }

    /// <summary>Whether DNS lets mail of an account leave with this From domain; null asks nobody. Must not block.</summary>
    public Func<AccountRules, DomainName, Refusal?>? DomainGate { get; init; }

    /// <summary>What of the process's descriptors is left to delivery.</summary>
    public DescriptorBudget Descriptors { get; init; } = DescriptorBudget.Unlimited;

    /// <summary>What feedback listeners hand mail to; without it they answer 421.</summary>
    public FeedbackParts? Feedback { get; init; }

    /// <summary>The dialogue of a new connection.</summary>
    public IServerMachine MachineFor(ClientFacts client) => client.Listener.IsFeedback
        ? new FeedbackMachine(client, Rules, Feedback!, () => Blocks.IsTight, Limits)
        : new SubmissionMachine(client, Rules, Meters, Busy, Limits);

    /// <summary>What takes its content.</summary>
    public IContentIntake IntakeFor(ClientFacts client) => client.Listener.IsFeedback
        ? new FeedbackIntake(client, Blocks, Feedback!, Store.Ids, Clock, Limits, Log)
        : new MessageIntake(client, Blocks, Store, MakeSealer(), Ledger, Meters, Clock, Limits) { DigestOf = DigestOf, EngagementOf = EngagementOf, DomainGate = DomainGate };

    /// <summary>Null while content is taken, else why not.</summary>
    public string? Busy() => Store.Refusal ?? (Blocks.IsTight ? Replies.NoMemory.Text : null);
}
