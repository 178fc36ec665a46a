using Engine.Mail;

namespace Engine.Submission;

/// <summary>What the machine decided on one command.</summary>
internal readonly record struct Step(StepKind Kind, Reply Reply)
{
    /// <summary>Not None when mail was refused, for metrics and events.</summary>
    public RejectReason Reason { get; init; }

    /// <summary>What was refused.</summary>
    public SmtpCommand Command { get; init; }

    /// <summary>The address refused, or asked about; default when it was none.</summary>
    public Mailbox Rejected { get; init; }

    /// <summary>Octets of a chunk.</summary>
    public long Octets { get; init; }

    /// <summary>Whether the chunk begins the content.</summary>
    public bool IsFirst { get; init; }

    /// <summary>Whether the chunk ends the content.</summary>
    public bool IsLast { get; init; }

    /// <summary>What to check.</summary>
    public GivenLogin Login { get; init; }

    public static Step Say(Reply reply) => new(StepKind.Reply, reply);

    public static Step Refuse(SmtpCommand command, Refusal refusal, Mailbox address = default) =>
        new(StepKind.Reply, refusal.Reply) { Reason = refusal.Reason, Command = command, Rejected = address };
}
