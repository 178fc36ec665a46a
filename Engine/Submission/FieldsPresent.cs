namespace Engine.Submission;

/// <summary>Fields that the submitter wrote himself: of those for feedback that stand there, nothing is added.</summary>
[Flags]
internal enum FieldsPresent : byte
{
    None = 0,

    /// <summary>List-Unsubscribe or List-Unsubscribe-Post.</summary>
    Unsubscribe = 1,

    /// <summary>Feedback-ID.</summary>
    FeedbackId = 2,

    /// <summary>CFBL-Address or CFBL-Feedback-ID.</summary>
    Complaints = 4,

    /// <summary><c>TLS-Required: No</c>; with any other value the field says nothing. RFC 8689 §3.</summary>
    TlsOptional = 8,
}
