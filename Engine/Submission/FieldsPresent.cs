namespace Engine.Submission;

/// <summary>Fields for feedback that the submitter wrote himself: of what stands there, nothing is added.</summary>
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
}
