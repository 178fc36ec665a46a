namespace Engine.Queue.Logs;

/// <summary>Where to begin reading a log, and how far it must reach.</summary>
/// <param name="From">The beginning of a frame, or the log's end.</param>
/// <param name="Sequence">Of the frame that stands there or comes next; 0 when nothing tells.</param>
/// <param name="Until">Address after the last frame that must be there.</param>
internal readonly record struct LogStart(long From, ulong Sequence, long Until);
