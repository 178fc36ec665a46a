using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>What monitoring reads. Key <c>telemetry</c>.</summary>
internal sealed record TelemetryOptions
{
    /// <summary>Address and port of the Prometheus endpoint; null is none.</summary>
    [Form(TextForm.Endpoint)]
    public string? Metrics { get; init; }
}
