namespace Engine.Submission;

/// <summary>What a <see cref="SubmissionDialogue"/> waits for.</summary>
internal enum DialogueNeed : byte
{
    /// <summary>More octets from the client, once the replies are sent.</summary>
    Input,

    /// <summary>The login to be checked.</summary>
    Verdict,

    /// <summary>Whether the recipient is suppressed.</summary>
    Standing,

    /// <summary>A piece of a large message to be written, before more of it is taken.</summary>
    Piece,

    /// <summary>The message to be stored.</summary>
    Commit,

    /// <summary>A handshake, once the replies are sent.</summary>
    Handshake,

    /// <summary>Nothing: send the replies and close.</summary>
    Close,
}
