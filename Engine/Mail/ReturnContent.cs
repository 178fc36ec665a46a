namespace Engine.Mail;

/// <summary>The RET parameter: how much of the message a failure notice returns. RFC 3461 §4.3.</summary>
internal enum ReturnContent : byte
{
    Unspecified,
    Full,
    Headers,
}
