namespace Engine.Queue.Waiting;

/// <summary>Where a message stands in the spool.</summary>
/// <param name="Address">Of its message frame, with the generation (<see cref="Logs.SpoolAddress"/>).</param>
/// <param name="FrameLength">Octets of that frame.</param>
/// <param name="FirstSegment">Segment of its first frame, with the generation.</param>
/// <param name="Size">Octets of heads and content.</param>
internal readonly record struct MessagePlace(long Address, int FrameLength, long FirstSegment, long Size);
