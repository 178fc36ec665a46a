using System.Buffers;
using System.Text;

namespace Engine.Observability;

/// <summary>Writes metrics as Prometheus reads them: text exposition format 0.0.4.</summary>
/// <param name="target">Takes UTF-8 octets.</param>
internal sealed class PrometheusWriter(IBufferWriter<byte> target)
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Writes everything a collector has.</summary>
    public static void Write(MetricsCollector collector, IBufferWriter<byte> target) => collector.Collect(new PrometheusWriter(target).Write);

    /// <summary>HELP, TYPE and the samples of one family; nothing when it has no series.</summary>
    public void Write(MetricFamily family, IReadOnlyList<MetricSeries> all)
    {
        if (all.Count == 0)
        {
            return;
        }

        Line($"# HELP {family.Name} {MetricText.Help(family.Help)}");
        Line($"# TYPE {family.Name} {TypeOf(family.Kind)}");
        foreach (var series in all)
        {
            if (family.Bounds is { } bounds)
            {
                WriteHistogram(family.Name, series, bounds);
            }
            else
            {
                Sample(family.Name, series.Labels, MetricText.Number(series.Value));
            }
        }
    }

    private static string TypeOf(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Histogram => "histogram",
        _ => "gauge",
    };

    // The count is that of the last bucket, so that both agree while values come in.
    private void WriteHistogram(string name, MetricSeries series, double[] bounds)
    {
        var count = 0L;
        var separator = series.Labels.Length > 0 ? "," : string.Empty;
        for (var at = 0; at <= bounds.Length; at++)
        {
            count += series.Bucket(at);
            var bound = MetricText.Number(at < bounds.Length ? bounds[at] : double.PositiveInfinity);
            Sample($"{name}_bucket", $"{series.Labels}{separator}le=\"{bound}\"", MetricText.Number(count));
        }

        Sample($"{name}_sum", series.Labels, MetricText.Number(series.Value));
        Sample($"{name}_count", series.Labels, MetricText.Number(count));
    }

    private void Sample(string name, string labels, string value) => Line(labels.Length > 0 ? $"{name}{{{labels}}} {value}" : $"{name} {value}");

    private void Line(string text)
    {
        Encoding.UTF8.GetBytes(text, target);
        target.Write("\n"u8);
    }
}
