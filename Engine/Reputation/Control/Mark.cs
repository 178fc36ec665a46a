namespace Engine.Reputation.Control;

/// <summary>How one reply counts.</summary>
internal enum Mark : byte
{
    /// <summary>The way to the receiver works: taken, or refused for the recipient's or the message's sake.</summary>
    Good,

    /// <summary>Too much or too fast.</summary>
    Throttled,

    /// <summary>The reply's text, or the way it failed, blames the source.</summary>
    Blamed,

    /// <summary>The receiver is in trouble, or cannot be reached.</summary>
    Receiver,

    /// <summary>The message was called spam; it counts as <see cref="Good"/> too.</summary>
    Spam,
}
