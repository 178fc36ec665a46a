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

    /// <summary>What of the process's descriptors is left to delivery.</summary>
    public DescriptorBudget Descriptors { get; init; } = DescriptorBudget.Unlimited;

    /// <summary>Null while content is taken, else why not.</summary>
    public string? Busy() => Store.Refusal ?? (Blocks.IsTight ? Replies.NoMemory.Text : null);
}
