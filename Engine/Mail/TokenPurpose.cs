namespace Engine.Mail;

/// <summary>What a token is good for. Part of what is signed: one that was made for one purpose is worth nothing for another.</summary>
internal enum TokenPurpose : byte
{
    /// <summary>In the return path: whoever bounces to it is heard about that recipient.</summary>
    Bounce = 1,

    /// <summary>In the signed <c>CFBL-Feedback-ID</c> header: whoever complains names the message by it.</summary>
    Complaint = 2,

    /// <summary>In <c>List-Unsubscribe</c>.</summary>
    Unsubscribe = 3,
}
