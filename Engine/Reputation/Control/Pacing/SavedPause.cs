namespace Engine.Reputation.Control.Pacing;

/// <summary>A <see cref="PauseTimer"/> in the state file; times by the wall clock.</summary>
internal readonly record struct SavedPause(DateTimeOffset Until, DateTimeOffset Began, TimeSpan Length, DateTimeOffset EndedAt, int Repeats, bool Pardonable);
