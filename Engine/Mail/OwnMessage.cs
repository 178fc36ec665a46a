namespace Engine.Mail;

/// <summary>A message the engine writes itself: a delivery notice, a report, an alert.</summary>
/// <param name="Id">Fixed by its cause, so that writing it again after a crash is a no-op; default gives a fresh id.</param>
/// <param name="Sender">The reverse path; the null path for notices.</param>
/// <param name="Recipients">At least one.</param>
/// <param name="Content">The whole message, headers and body, CRLF line ends.</param>
internal sealed record OwnMessage(MessageId Id, Mailbox Sender, IReadOnlyList<Mailbox> Recipients, ReadOnlyMemory<byte> Content)
{
    /// <summary>The account it is counted under; nobody can log in to it, and nobody answers for it.</summary>
    public const string Account = "system";

    /// <summary>The pool it leaves by; null for that of key <c>system</c>, empty for the default pool.</summary>
    public string? Pool { get; init; }

    /// <summary>Somebody else wrote it and it is passed on: our keys do not sign it, whatever From says.</summary>
    public bool IsForwarded { get; init; }

    /// <summary>It tells of mail that asked for REQUIRETLS, and asks for it too. RFC 8689 §5.</summary>
    public bool IsTlsRequired { get; init; }
}
