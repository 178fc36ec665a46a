namespace Engine.Submission;

/// <summary>The header fields submission treats differently.</summary>
internal enum HeaderKind : byte
{
    Other,
    From,
    Date,
    MessageId,
    Received,

    /// <summary>DKIM-Signature; key <c>dkim.existing</c> says whether it stays.</summary>
    Signature,

    /// <summary>Return-Path (RFC 5321 §4.4: only final delivery adds it) and Bcc (RFC 5322 §3.6.3): removed.</summary>
    Dropped,

    /// <summary>X-Engine-*: removed.</summary>
    Engine,

    /// <summary>List-Unsubscribe, List-Unsubscribe-Post.</summary>
    Unsubscribe,
    FeedbackId,

    /// <summary>TLS-Required. RFC 8689 §3.</summary>
    TlsRequired,

    /// <summary>CFBL-Address, CFBL-Feedback-ID.</summary>
    Complaints,
}
