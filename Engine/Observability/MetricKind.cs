namespace Engine.Observability;

/// <summary>TYPE of a metric in the text format.</summary>
internal enum MetricKind : byte
{
    Counter,
    Gauge,
    Histogram,
}
