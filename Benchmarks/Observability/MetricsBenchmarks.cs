using System.Buffers;
using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using Engine.Observability;
using Microsoft.Extensions.Logging.Abstractions;

namespace Benchmarks.Observability;

/// <summary>What an instrument costs while the collector listens, and what a scrape of 3 000 series costs.</summary>
[MemoryDiagnoser]
public class MetricsBenchmarks : IDisposable
{
    private readonly Meter _meter = new("Engine.Benchmark");
    private readonly MetricsCollector _collector = new(NullLogger<MetricsCollector>.Instance, "Engine.Benchmark");
    private readonly Counter<long> _plain;
    private readonly Counter<long> _labelled;
    private readonly Histogram<double> _histogram;
    private readonly ArrayBufferWriter<byte> _text = new(1 << 20);

    public MetricsBenchmarks()
    {
        _plain = _meter.CreateCounter<long>("engine_plain_total");
        _labelled = _meter.CreateCounter<long>("engine_delivered_total");
        _histogram = _meter.CreateHistogram<double>("engine_attempt_seconds");
        for (var number = 0; number < 3_000; number++)
        {
            _labelled.Add(1, new("provider", $"p{number % 30}"), new("source", $"a{number / 30}"), new("class", "marketing"));
        }
    }

    [Benchmark]
    public void Add() => _plain.Add(1);

    [Benchmark]
    public void AddWithThreeLabels() => _labelled.Add(1, new("provider", "p7"), new("source", "a7"), new("class", "marketing"));

    [Benchmark]
    public void RecordWithOneLabel() => _histogram.Record(0.3, new KeyValuePair<string, object?>("provider", "p7"));

    [Benchmark]
    public int Scrape()
    {
        _text.ResetWrittenCount();
        PrometheusWriter.Write(_collector, _text);
        return _text.WrittenCount;
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _collector.Dispose();
        _meter.Dispose();
        GC.SuppressFinalize(this);
    }
}
