using System.Net;

namespace Engine.Mail;

/// <summary>What one attempt brought for one recipient. Travels back over a channel; never a call up the path.</summary>
internal readonly record struct Outcome
{
    /// <summary>The queue's handle of the recipient.</summary>
    public required int Slot { get; init; }

    public required OutcomeKind Kind { get; init; }

    /// <summary>Reply code, 200–599; 0 when no reply came.</summary>
    public ushort Code { get; init; }

    public EnhancedCode Enhanced { get; init; }

    /// <summary>Reply text without codes, lines joined by a space, printable, at most 1 KiB; or what went wrong.</summary>
    public string Text { get; init; }

    /// <summary>The command the reply answers.</summary>
    public SmtpCommand Command { get; init; }

    /// <summary>How many recipients shared the transaction.</summary>
    public int Recipients { get; init; }

    public SourceId Source { get; init; }

    /// <summary>The relay it went by; null for none.</summary>
    public string? Relay { get; init; }

    /// <summary>Domain of the return path it went with, where that was one of ours; null where it was the submitter's.</summary>
    public string? ReturnPath { get; init; }

    /// <summary>Name of the exchanger; null when none was tried.</summary>
    public string? Mx { get; init; }

    public IPAddress? MxAddress { get; init; }

    public TlsSession? Tls { get; init; }

    /// <summary>Number of the connection, for the event log's <c>session</c>; 0 for none.</summary>
    public long Session { get; init; }

    /// <summary>Time the transaction took, from MAIL to the last reply.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Of <see cref="OutcomeKind.Suppressed"/>: why.</summary>
    public SuppressionReason Suppression { get; init; }

    /// <summary>The server offered DSN and the submitter's wishes went with the message: it owes the notice of success. RFC 3461 §5.2.1.</summary>
    public bool IsDsnPassedOn { get; init; }

    /// <summary>When the reply was read.</summary>
    public DateTimeOffset At { get; init; }
}
