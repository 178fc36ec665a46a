using System.Net;

namespace Engine.Mail;

/// <summary>
/// One line of the event log. Which fields stand in it depends on the kind; what is null, empty or default is left out.
/// Passed by reference and written at once, so that no event is an object on the heap.
/// </summary>
internal readonly record struct Event
{
    public required EventKind Kind { get; init; }

    public DateTimeOffset Time { get; init; }

    /// <summary>The message; default for events of the engine itself.</summary>
    public MessageId Id { get; init; }

    /// <summary>Recipient index; −1 for none.</summary>
    public int RecipientIndex { get; init; }

    /// <summary>Attempts made, this one included.</summary>
    public int Attempt { get; init; }

    public string? HeaderMessageId { get; init; }

    public string? HeaderFrom { get; init; }

    /// <summary>Domain of the return path on the wire, where that was one of ours: what SPF looks at.</summary>
    public string? ReturnPath { get; init; }

    public string? Client { get; init; }

    public string? Credential { get; init; }

    /// <summary>DKIM signatures as <c>d=… s=…</c> pairs.</summary>
    public IReadOnlyList<DkimIdentity>? Dkim { get; init; }

    /// <summary>UTF-8 octets of the recipient's address.</summary>
    public ReadOnlyMemory<byte> To { get; init; }

    /// <summary>UTF-8 octets of the reverse path; empty for the null path.</summary>
    public ReadOnlyMemory<byte> From { get; init; }

    public string? Account { get; init; }

    public string? Stream { get; init; }

    public string? Campaign { get; init; }

    public IReadOnlyList<string>? Tags { get; init; }

    public string? Domain { get; init; }

    public string? Provider { get; init; }

    public string? Mx { get; init; }

    public IPAddress? MxAddress { get; init; }

    public string? Source { get; init; }

    public IPAddress? SourceAddress { get; init; }

    public string? Pool { get; init; }

    /// <summary>The relay it went by; for <c>alert</c>: the one in trouble.</summary>
    public string? Relay { get; init; }

    public long Session { get; init; }

    public ushort Code { get; init; }

    public EnhancedCode Enhanced { get; init; }

    public string? Reply { get; init; }

    public SmtpCommand Command { get; init; }

    public Category Category { get; init; }

    public Disposition? Disposition { get; init; }

    public string? Rule { get; init; }

    public DateTimeOffset? NextAttempt { get; init; }

    public DateTimeOffset? GiveUpAt { get; init; }

    public TlsSession? Tls { get; init; }

    /// <summary>Time since acceptance.</summary>
    public TimeSpan? Queued { get; init; }

    /// <summary>Time of the transaction, MAIL to last reply.</summary>
    public TimeSpan? Transaction { get; init; }

    /// <summary>Octets of the message as sent.</summary>
    public long Size { get; init; }

    /// <summary>For <c>admin</c>: who; for <c>alert</c>: what raised it.</summary>
    public string? Who { get; init; }

    /// <summary>For <c>admin</c>: the verb.</summary>
    public string? Verb { get; init; }

    /// <summary>For <c>admin</c>: what was selected.</summary>
    public string? Selector { get; init; }

    /// <summary>For <c>admin</c>: how many recipients it changed.</summary>
    public long? Count { get; init; }

    /// <summary>Why: an operator's words, or ours.</summary>
    public string? Reason { get; init; }
}
