namespace Engine.Feedback;

/// <summary>What a notice tells its reader; <c>Action</c> of RFC 3464 §2.3.3.</summary>
internal enum NoticeKind : byte
{
    /// <summary>Over for good: <c>failed</c>.</summary>
    Failure,

    /// <summary>Late and still tried: <c>delayed</c>.</summary>
    Delay,

    /// <summary>Handed to a server that makes no promise to tell more: <c>relayed</c>. RFC 3461 §5.2.2.</summary>
    Relayed,
}
