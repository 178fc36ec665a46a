namespace Engine.Reputation.Control.Health;

/// <summary>A <see cref="SourceHealth"/> in the state file.</summary>
internal sealed record SavedHealth(
    string Source,
    string Operator,
    SourceState State,
    DateTimeOffset Since,
    DateTimeOffset Until,
    TimeSpan Length,
    int Step,
    double Weight,
    bool IsExplicit,
    string Rule);
