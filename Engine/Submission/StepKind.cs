namespace Engine.Submission;

/// <summary>What the session does after a command.</summary>
internal enum StepKind : byte
{
    /// <summary>Send the reply and read on.</summary>
    Reply,

    /// <summary>Send the reply and close.</summary>
    Close,

    /// <summary>Send the reply, then take the server's side of a handshake. Nothing may have been received behind the command.</summary>
    StartTls,

    /// <summary>Check the login, then tell the machine.</summary>
    Authenticate,

    /// <summary>Ask whether the recipient is suppressed, then tell the machine.</summary>
    AskSuppression,

    /// <summary>Send the reply, then read content up to the dot.</summary>
    ReadContent,

    /// <summary>Read a chunk of content; the reply comes afterwards.</summary>
    ReadChunk,

    /// <summary>Read a chunk and drop it, then send the reply: the client sends it whatever we say. RFC 3030 §2.</summary>
    SkipChunk,
}
