namespace Engine.Queue.Logs;

/// <summary>Where the replay of a log begins.</summary>
/// <param name="From">Everything before is in the snapshot.</param>
/// <param name="Sequence">Of the first frame at or behind <paramref name="From"/>.</param>
internal readonly record struct LogPosition(long From, ulong Sequence);
