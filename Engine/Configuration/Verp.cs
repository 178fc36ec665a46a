namespace Engine.Configuration;

/// <summary>What the return path of mail that leaves is made of.</summary>
internal enum Verp : byte
{
    /// <summary>A signed token for each recipient: a bounce names him for certain. One recipient a transaction.</summary>
    Recipient,

    /// <summary>A signed token for the message: recipients share transactions, a bounce must name the recipient itself.</summary>
    Message,

    /// <summary>The submitter's return path, unchanged. Bounces go there, and the engine does not hear of them.</summary>
    Off,
}
