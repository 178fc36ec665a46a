using System.Buffers;
using System.Diagnostics.Metrics;
using System.Text;
using Engine.Observability;

namespace Engine.Tests.Observability;

internal sealed class MetricsCollectorTests : IDisposable
{
    private readonly CollectingLogger _logger = new();
    private readonly Meter _meter = new($"Test{Guid.NewGuid():N}.Room");
    private readonly MetricsCollector _collector;

    public MetricsCollectorTests() => _collector = new MetricsCollector(_logger.CreateLogger<MetricsCollector>(), _meter.Name, maxSeries: 3);

    public void Dispose()
    {
        _collector.Dispose();
        _meter.Dispose();
        _logger.Dispose();
    }

    [Test]
    public void A_counter_starts_at_zero_and_adds()
    {
        var counter = _meter.CreateCounter<long>("engine_accepted_total", "{recipient}", "Recipients accepted.");
        Assert.That(Text(), Is.EqualTo("# HELP engine_accepted_total Recipients accepted.\n# TYPE engine_accepted_total counter\nengine_accepted_total 0\n"));

        counter.Add(2);
        counter.Add(3);
        Assert.That(Samples(), Is.EqualTo(["engine_accepted_total 5"]));
    }

    [Test]
    public void Label_sets_are_counted_apart()
    {
        var counter = _meter.CreateCounter<int>("engine_bounced_total");
        counter.Add(1, new("provider", "google"), new("category", "policy"));
        counter.Add(2, new("provider", "yahoo"), new("category", "policy"));
        counter.Add(4, new("category", "policy"), new KeyValuePair<string, object?>("provider", "google"));

        Assert.That(Samples(), Is.EqualTo(
        [
            "engine_bounced_total{category=\"policy\",provider=\"google\"} 5",
            "engine_bounced_total{category=\"policy\",provider=\"yahoo\"} 2",
        ]));
    }

    [Test]
    public void Labels_and_help_are_escaped()
    {
        var counter = _meter.CreateCounter<long>("engine.odd-name", description: "a \\ \n b");
        counter.Add(1, new("a.b", "x\"y\\z\n"), new("n", null), new("number", 1.5));

        Assert.That(Text(), Is.EqualTo("# HELP engine_odd_name a \\\\ \\n b\n# TYPE engine_odd_name counter\nengine_odd_name{a_b=\"x\\\"y\\\\z\\n\",n=\"\",number=\"1.5\"} 1\n"));
    }

    [Test]
    public void Gauges_go_up_and_down()
    {
        var held = _meter.CreateUpDownCounter<long>("engine_connections");
        held.Add(5, new KeyValuePair<string, object?>("source", "a1"));
        held.Add(-2, new KeyValuePair<string, object?>("source", "a1"));
        var set = _meter.CreateGauge<double>("engine_rate_limit");
        set.Record(2.5);
        set.Record(double.PositiveInfinity);

        Assert.That(Samples(), Is.EqualTo(["engine_connections{source=\"a1\"} 3", "engine_rate_limit +Inf"]));
        Assert.That(Text(), Does.Contain("# TYPE engine_connections gauge\n"));
    }

    [Test]
    public void A_histogram_cumulates_its_buckets()
    {
        var histogram = _meter.CreateHistogram<double>("engine_dkim_sign_seconds", "s");
        foreach (var value in new[] { 0.00002, 0.000021, 0.0002, 7 })
        {
            histogram.Record(value, new KeyValuePair<string, object?>("x", "y"));
        }

        Assert.That(Samples(), Is.EqualTo(
        [
            "engine_dkim_sign_seconds_bucket{x=\"y\",le=\"2E-05\"} 1",
            "engine_dkim_sign_seconds_bucket{x=\"y\",le=\"5E-05\"} 2",
            "engine_dkim_sign_seconds_bucket{x=\"y\",le=\"0.0001\"} 2",
            "engine_dkim_sign_seconds_bucket{x=\"y\",le=\"0.0002\"} 3",
            "engine_dkim_sign_seconds_bucket{x=\"y\",le=\"0.0005\"} 3",
            "engine_dkim_sign_seconds_bucket{x=\"y\",le=\"0.001\"} 3",
            "engine_dkim_sign_seconds_bucket{x=\"y\",le=\"0.002\"} 3",
            "engine_dkim_sign_seconds_bucket{x=\"y\",le=\"0.005\"} 3",
            "engine_dkim_sign_seconds_bucket{x=\"y\",le=\"0.01\"} 3",
            "engine_dkim_sign_seconds_bucket{x=\"y\",le=\"0.05\"} 3",
            "engine_dkim_sign_seconds_bucket{x=\"y\",le=\"+Inf\"} 4",
            "engine_dkim_sign_seconds_sum{x=\"y\"} 7.000241",
            "engine_dkim_sign_seconds_count{x=\"y\"} 4",
        ]));
    }

    [Test]
    public void Observed_values_are_asked_for_at_each_scrape_and_gone_when_not_reported()
    {
        var now = new List<Measurement<long>> { new(1, new KeyValuePair<string, object?>("source", "a1")), new(2, new KeyValuePair<string, object?>("source", "a2")) };
        _meter.CreateObservableGauge("engine_source_state", () => now);
        _meter.CreateObservableCounter("engine_seen_total", () => 7L);
        Assert.That(Samples(), Is.EqualTo(["engine_seen_total 7", "engine_source_state{source=\"a1\"} 1", "engine_source_state{source=\"a2\"} 2"]));

        now.RemoveAt(0);
        Assert.That(Samples(), Is.EqualTo(["engine_seen_total 7", "engine_source_state{source=\"a2\"} 2"]));
        now.Clear();
        Assert.That(Text(), Does.Not.Contain("engine_source_state"));
    }

    [Test]
    public void One_instrument_that_fails_hides_no_other()
    {
        _meter.CreateObservableGauge("engine_a", () => 1);
        _meter.CreateObservableGauge("engine_b", () => _meter.Name.Length > 0 ? throw new InvalidOperationException("broken") : 2);
        _meter.CreateObservableGauge("engine_c", () => 3);

        Assert.That(Samples(), Is.EqualTo(["engine_a 1", "engine_c 3"]));
        Assert.That(_logger.Has(7020), Is.True);
    }

    [Test]
    public void Beyond_the_bound_sets_are_counted_together()
    {
        var counter = _meter.CreateCounter<long>("engine_many_total");
        for (var round = 0; round < 2; round++)
        {
            for (var number = 0; number < 10; number++)
            {
                counter.Add(1, new KeyValuePair<string, object?>("account", $"a{number}"));
            }
        }

        Assert.That(Samples(), Is.EqualTo(
        [
            "engine_many_total{account=\"a0\"} 2",
            "engine_many_total{account=\"a1\"} 2",
            "engine_many_total{account=\"a2\"} 2",
            "engine_many_total{account=\"other\"} 14",
        ]));
    }

    [Test]
    public void The_same_name_in_two_rooms_is_one_family_unless_the_kinds_clash()
    {
        using var second = new Meter($"{_meter.Name}.Second");
        _meter.CreateCounter<long>("engine_x_total").Add(1);
        second.CreateCounter<long>("engine_x_total").Add(2);
        second.CreateHistogram<double>("engine_x_total").Record(9);

        Assert.That(Samples(), Is.EqualTo(["engine_x_total 3"]));
        Assert.That(_logger.Has(7021), Is.True);
    }

    [Test]
    public void Meters_of_others_are_not_shown()
    {
        using var other = new Meter($"Other{_meter.Name}");
        other.CreateCounter<long>("engine_other_total").Add(1);

        Assert.That(Text(), Is.Empty);
    }

    [Test]
    public void Parallel_adds_are_all_counted()
    {
        using var wide = new MetricsCollector(_logger.CreateLogger<MetricsCollector>(), _meter.Name);
        var counter = _meter.CreateCounter<long>("engine_a_total");
        var real = _meter.CreateCounter<double>("engine_b_total");
        Parallel.For(0, 40_000, number =>
        {
            counter.Add(1, new KeyValuePair<string, object?>("n", Names[number % Names.Length]));
            real.Add(0.5);
        });

        var samples = Samples(wide);
        Assert.That(samples, Has.Length.EqualTo(Names.Length + 1));
        Assert.That(samples[^1], Is.EqualTo("engine_b_total 20000"));
        Assert.That(samples[..^1].Select(line => line.Split(' ')[1]).Distinct(), Is.EqualTo(["200"]));
    }

    [Test]
    public void A_known_set_costs_no_memory()
    {
        var counter = _meter.CreateCounter<long>("engine_a_total");
        for (var round = 0; round < 1_000; round++)
        {
            counter.Add(1, new("provider", "google"), new("source", "a1"), new("class", "marketing"));
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        counter.Add(1, new("provider", "google"), new("source", "a1"), new("class", "marketing"));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static string[] Names { get; } = [.. Enumerable.Range(0, 200).Select(number => $"n{number:D3}")];

    private string Text(MetricsCollector? collector = null)
    {
        var buffer = new ArrayBufferWriter<byte>();
        PrometheusWriter.Write(collector ?? _collector, buffer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private string[] Samples(MetricsCollector? collector = null) =>
        [.. Text(collector).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith('#'))];
}
