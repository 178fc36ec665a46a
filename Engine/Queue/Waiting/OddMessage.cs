namespace Engine.Queue.Waiting;

/// <summary>What the entry of a large message has no room for: one in parts, or with an envelope above 2 046 octets.</summary>
/// <param name="FrameLength">Octets of the message frame.</param>
/// <param name="FirstSegment">Of its first frame.</param>
/// <param name="Size">Octets of heads and content.</param>
internal readonly record struct OddMessage(int FrameLength, long FirstSegment, long Size);
