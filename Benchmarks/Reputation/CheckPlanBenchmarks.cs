using BenchmarkDotNet.Attributes;
using Engine.Configuration;
using Engine.Mail;
using Engine.Reputation.Blocklists;

namespace Benchmarks.Reputation;

/// <summary>One check of the machine of block lists, due to done: 300 sources, 20 major and 80 minor lists, nothing listed.</summary>
[MemoryDiagnoser]
public class CheckPlanBenchmarks
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);

    private static readonly ListAnswer Clean = new(ListVerdict.NotListed, string.Empty, TimeSpan.Zero);

    private static readonly ListAnswer Entry = new(ListVerdict.Listed, "127.0.0.2", TimeSpan.Zero);

    private readonly BlocklistWatch _watch = new(new BlocklistOptions());
    private DateTimeOffset _now = Start;

    [GlobalSetup]
    public void Prepare()
    {
        Blocklist[] lists = [.. Enumerable.Range(0, 100).Select(number => new Blocklist
        {
            Zone = $"l{number}.example",
            Suffix = DomainName.Parse($"l{number}.example"),
            Kind = ListKind.Ip4,
            Weight = number < 20 ? ListWeight.Major : ListWeight.Minor,
            Rules = new AnswerRules([], [], []),
            MustNotList = "127.0.0.1",
        })];
        HashSet<ListSubject> sources = [.. Enumerable.Range(0, 300).Select(number => new ListSubject($"s{number}", $"10.0.{number / 250}.{number % 250}"))];
        _watch.Load(new BlocklistOptions(), lists, [[.. sources.Select(source => source.Source)]], Start);
        _watch.Follow(sources, sources.ToDictionary(source => source.Source, source => source.Target), Start);
        for (_now = Start.AddMinutes(2); _watch.Next(_now) is { } errand;)
        {
            Answer(errand);
        }
    }

    /// <summary>What the loop does for each question: when, what, and the answer.</summary>
    [Benchmark]
    public DateTimeOffset? OneCheck()
    {
        var next = _watch.NextAt()!.Value;
        _now = next > _now ? next : _now;
        if (_watch.Next(_now) is { } errand)
        {
            Answer(errand);
        }

        return next;
    }

    private void Answer(Errand errand)
    {
        if (errand.Check is { } check)
        {
            _watch.Take(check, Clean, _now);
        }
        else
        {
            _watch.Take(errand.Test!, Entry, Clean, _now);
        }
    }
}
