namespace Engine.Queue.Frames;

/// <summary>What a frame records. Numbers stand in the log and are never given twice.</summary>
internal enum FrameKind : byte
{
    /// <summary>A message: this frame is the accept.</summary>
    Message = 1,

    /// <summary>Octets of a large message; stands before the message frame that lists it.</summary>
    Part = 2,

    /// <summary>Recipients that ended.</summary>
    Settle = 3,

    /// <summary>A counted attempt that ended nothing.</summary>
    Defer = 4,

    /// <summary>Recipients an operator took out, without notice.</summary>
    Cancel = 5,

    Hold = 6,

    Release = 7,

    /// <summary>A head written anew, after a revoked or retired selector.</summary>
    Head = 8,

    /// <summary>A start of the engine; committed before intake.</summary>
    Incarnation = 9,

    /// <summary>A new due time, not counted as an attempt.</summary>
    Retry = 10,

    /// <summary>Something done to many recipients at once, by what they have in common.</summary>
    Mark = 11,

    /// <summary>From here on a copy of the message in an older generation is it.</summary>
    Moved = 12,
}
