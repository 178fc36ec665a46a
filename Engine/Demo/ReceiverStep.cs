namespace Engine.Demo;

/// <summary>What the session does next.</summary>
internal enum ReceiverStep : byte
{
    /// <summary>Go on with what is left of the input.</summary>
    Advance,

    /// <summary>Send the replies, then read more.</summary>
    NeedMore,

    /// <summary>A message has come whole: decide on it and call <see cref="ReceiverDialogue.Answer"/>.</summary>
    Content,

    /// <summary>Send the replies, then take the handshake.</summary>
    StartTls,

    /// <summary>Send the replies, then close.</summary>
    Close,
}
