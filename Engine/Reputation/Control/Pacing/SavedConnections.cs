namespace Engine.Reputation.Control.Pacing;

/// <summary>A <see cref="ConnectionLoop"/> in the state file; times by the wall clock.</summary>
internal readonly record struct SavedConnections(int Limit, int Refused, int Proven, DateTimeOffset CutAt, DateTimeOffset HoldUntil, TimeSpan Hold, TimeSpan Period);
