namespace Engine.Classification;

/// <summary>A retry schedule by name. Keys of <c>delivery.retry</c>, and the fixed one for a dot without an answer.</summary>
internal enum RetryKind : byte
{
    Default,
    Short,
    Greylist,

    /// <summary>Not before 30 minutes: the receiver may have the message. architecture.md §3.</summary>
    Uncertain,
}
