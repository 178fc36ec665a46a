namespace Engine.Configuration;

/// <summary>Key <c>telemetry</c>.</summary>
internal sealed record TelemetryOptions
{
    /// <summary>Address and port of the Prometheus endpoint; null is none.</summary>
    public string? Metrics { get; init; }
}
