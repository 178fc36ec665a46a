namespace Engine.Reputation.Control;

/// <summary>How a source stands at one receiver.</summary>
internal enum SourceState : byte
{
    Healthy,

    /// <summary>Fails more than the others there: it gets less.</summary>
    Degraded,

    /// <summary>Gets nothing.</summary>
    Stopped,

    /// <summary>Half open: one connection, a few messages.</summary>
    Probing,

    /// <summary>Comes back step by step.</summary>
    Returning,
}
