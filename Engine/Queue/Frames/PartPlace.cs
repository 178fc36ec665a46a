namespace Engine.Queue.Frames;

/// <summary>Where a part frame stands.</summary>
/// <param name="Address">In the log.</param>
/// <param name="Length">Octets of the message in it.</param>
internal readonly record struct PartPlace(long Address, int Length);
