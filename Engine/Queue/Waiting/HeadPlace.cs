namespace Engine.Queue.Waiting;

/// <summary>Where a head that was written anew stands in the log.</summary>
/// <param name="Number">Of the head in its message.</param>
/// <param name="Address">Of the frame.</param>
/// <param name="FrameLength">Octets of that frame.</param>
internal readonly record struct HeadPlace(ushort Number, long Address, int FrameLength);
