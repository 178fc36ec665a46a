using BenchmarkDotNet.Attributes;
using Engine.Configuration;
using Engine.Mail;
using Engine.Reputation;
using Engine.Reputation.Control;
using Engine.Reputation.Control.Pacing;

namespace Benchmarks.Reputation;

/// <summary>What a reply costs control: 10 sources × 100 receivers. Target: a million good replies a second, nothing allocated.</summary>
[MemoryDiagnoser]
public class ControlBenchmarks
{
    private const int Ring = 4_096;

    private readonly Observation[] _good = new Observation[Ring];
    private readonly Observation[] _mixed = new Observation[Ring];
    private readonly List<ControlChange> _changes = [];
    private readonly TrafficControl _control = new(new Frame(), new ControlOptions());
    private DateTimeOffset _now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private int _next;

    [GlobalSetup]
    public void Fill()
    {
        var chance = new Random(1);
        for (var index = 0; index < Ring; index++)
        {
            _good[index] = new Observation
            {
                At = _now,
                Source = $"ip{chance.Next(10)}",
                Operator = $"provider{chance.Next(100)}",
                SenderDomain = $"sender{chance.Next(50)}.example",
                Account = "acme",
                Campaign = "spring",
                Class = StreamClass.Marketing,
                Kind = ObservationKind.Delivered,
            };
            _mixed[index] = index % 50 != 0
                ? _good[index]
                : _good[index] with { Kind = ObservationKind.Deferred, Category = new Category("server_busy"), Command = SmtpCommand.Mail, Rule = "generic.busy" };
        }

        foreach (var observation in _mixed)
        {
            _control.Observe(observation, _changes);
        }
    }

    /// <summary>50,000 replies in a second of virtual time.</summary>
    [Benchmark]
    public void ObserveGood() => Observe(_good);

    /// <summary>One of fifty is a deferral.</summary>
    [Benchmark]
    public void ObserveMixed() => Observe(_mixed);

    [Benchmark]
    public int Read() => _control.Of(new ControlKey(Engine.Configuration.Providers.FlowScope.SourceAtProvider, "provider7", "ip7")).Connections ?? 0;

    /// <summary>Most of the hundred receivers have had a deferral of late.</summary>
    [Benchmark]
    public void Tick()
    {
        _now += TimeSpan.FromMilliseconds(1);
        _control.Tick(_now, _changes);
        _changes.Clear();
    }

    private void Observe(Observation[] ring)
    {
        _now += TimeSpan.FromMicroseconds(20);
        _control.Observe(ring[_next++ & (Ring - 1)] with { At = _now }, _changes);
        if (_changes.Count > 0)
        {
            _changes.Clear();
        }
    }

    private sealed class Frame : IControlFrame
    {
        private readonly string[] _sources = [.. Enumerable.Range(0, 10).Select(number => $"ip{number}")];

        public Ceiling CeilingOf(ControlKey key) => new(null, 20, 100);

        public IReadOnlyList<string> Siblings(string source) => _sources;
    }
}
