namespace Engine.Reputation.Control.Pacing;

/// <summary>A <see cref="LearnedBound"/> in the state file; times by the wall clock.</summary>
internal readonly record struct SavedBound(int Limit, DateTimeOffset Until);
