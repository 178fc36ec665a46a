namespace Engine.Demo;

/// <summary>What a scripted receiver does when a message has come whole.</summary>
internal enum ContentFate : byte
{
    /// <summary>Takes it: 250.</summary>
    Take,

    /// <summary>451, not taken.</summary>
    Defer,

    /// <summary>Takes it and breaks the connection without an answer.</summary>
    Drop,

    /// <summary>Breaks the connection and does not take it.</summary>
    Lose,
}
