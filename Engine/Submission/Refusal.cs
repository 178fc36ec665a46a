namespace Engine.Submission;

/// <summary>A refusal that counts: mail that is not taken, not a slip in the dialogue.</summary>
internal readonly record struct Refusal(RejectReason Reason, Reply Reply);
