namespace Engine.Reputation.Control.Pacing;

/// <summary>A <see cref="RateLoop"/> in the state file; times by the wall clock.</summary>
internal readonly record struct SavedRate(double Limit, double Refused, double Proven, DateTimeOffset CutAt, DateTimeOffset HoldUntil, TimeSpan Hold, double Slope);
