using Engine.Queue.Frames;

namespace Engine.Queue.Spool;

/// <summary>A message frame as it was met.</summary>
/// <param name="Address">Where.</param>
/// <param name="FrameLength">Header and payload.</param>
/// <param name="Number">Copy number.</param>
/// <param name="Sequence">In its own log.</param>
/// <param name="Recipients">In its envelope.</param>
/// <param name="Layout">How it lies.</param>
internal readonly record struct MessageCopy(long Address, int FrameLength, int Number, ulong Sequence, int Recipients, MessageLayout Layout);
