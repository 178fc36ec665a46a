namespace Engine.Reputation.Control.Pacing;

/// <summary>A <see cref="Pace"/> in the state file.</summary>
internal sealed record SavedPace(
    ControlKey Key,
    string Rule,
    DateTimeOffset Since,
    DateTimeOffset Seen,
    bool IsRecovering,
    double Before,
    SavedRate Rate,
    SavedConnections Connections,
    SavedPause Pause,
    SavedBound Messages,
    SavedBound Recipients);
