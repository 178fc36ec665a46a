using Engine.Mail;

namespace Engine.Feedback.Reading;

/// <summary>The fields of one recipient in a delivery status notification, RFC 3464 §2.3.</summary>
internal sealed class StatusEntry
{
    /// <summary><c>Final-Recipient</c>, else <c>Original-Recipient</c>; empty when neither holds an address.</summary>
    public string Address { get; set; } = string.Empty;

    /// <summary>Whether a field named a recipient at all, as an address or a file or a pipe.</summary>
    public bool HasRecipient { get; set; }

    /// <summary>Whether <c>Final-Recipient</c> was among the fields.</summary>
    public bool IsFinal { get; set; }

    /// <summary>In lower case; empty when not told.</summary>
    public string Action { get; set; } = string.Empty;

    /// <summary><c>Status</c>.</summary>
    public EnhancedCode Status { get; set; }

    /// <summary>What stands in brackets behind the status; empty for most.</summary>
    public string Comment { get; set; } = string.Empty;

    /// <summary><c>Diagnostic-Code</c> on one line, without its type.</summary>
    public string Diagnostic { get; set; } = string.Empty;

    /// <summary>Host of <c>Remote-MTA</c>; empty when not told.</summary>
    public string Remote { get; set; } = string.Empty;

    /// <summary><c>X-PowerMTA-BounceCategory</c>; empty for most.</summary>
    public string Sorted { get; set; } = string.Empty;

    /// <summary>Whether the fields leave nothing to ask of the words for people: a whole reply with a code that says enough.</summary>
    public bool SaysAll =>
        Diagnostic.Length > 12 && Diagnostic[3] == ' ' && (Status is { Subject: 1, Detail: 1 or 10 } or { Subject: 2, Detail: 2 } or { Subject: 7, Detail: > 1 });

    /// <summary>What kind of news it is: by the action, else by the class of the status.</summary>
    public ReportKind Kind => Action switch
    {
        "delayed" => ReportKind.Delay,
        "delivered" or "relayed" or "expanded" or "deliverable" => ReportKind.None,
        "failed" or "expired" => ReportKind.Bounce,
        _ => Status.Class == 2 ? ReportKind.None : ReportKind.Bounce,
    };
}
