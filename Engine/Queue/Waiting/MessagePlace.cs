namespace Engine.Queue.Waiting;

/// <summary>Where a message stands in the log.</summary>
/// <param name="Address">Of its message frame.</param>
/// <param name="FrameLength">Octets of that frame.</param>
/// <param name="FirstSegment">Segment of its first frame.</param>
/// <param name="Size">Octets of heads and content.</param>
/// <param name="Copy">Copy number.</param>
internal readonly record struct MessagePlace(long Address, int FrameLength, int FirstSegment, long Size, ushort Copy);
