using BenchmarkDotNet.Attributes;
using Engine.Configuration;
using Engine.Mail;
using Engine.Reputation;
using Engine.Reputation.Warmup;

namespace Benchmarks.Reputation;

/// <summary>What warm-up costs an attempt: counting it, and asking what may be sent, over 10,000 pairs of source and operator.</summary>
[MemoryDiagnoser]
public class WarmupBenchmark
{
    private const int Operators = 2_500;

    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly string[] Sources = ["a1", "a2", "a3", "a4"];

    private readonly WarmupBook _book = new(WarmupSubject.Source, WarmupSetup.OfSources(Options(), new Dictionary<string, int> { ["operator-1"] = 500 }));
    private Observation[] _attempts = [];
    private int _next;

    [GlobalSetup]
    public void Prepare()
    {
        _attempts = [.. from source in Sources from number in Enumerable.Range(0, Operators) select Attempt(source, $"operator-{number}")];
        new Random(1).Shuffle(_attempts);
        foreach (var attempt in _attempts)
        {
            _book.Observe(attempt);
        }
    }

    [Benchmark]
    public void Observe() => _book.Observe(_attempts[Next()]);

    [Benchmark]
    public long Of()
    {
        ref readonly var attempt = ref _attempts[Next()];
        return _book.Of(attempt.Source, attempt.Operator, Now).RemainingToday;
    }

    [Benchmark]
    public bool IsWarming()
    {
        ref readonly var attempt = ref _attempts[Next()];
        return _book.IsWarming(attempt.Source, attempt.Operator);
    }

    private static Observation Attempt(string source, string of) => new()
    {
        At = Now,
        Source = source,
        Operator = of,
        SenderDomain = "acme.example",
        Account = "acme",
        Campaign = "spring",
        Class = StreamClass.Marketing,
        Kind = ObservationKind.Delivered,
        Actions = [],
    };

    private static EngineOptions Options() => new()
    {
        WarmupPlans = new Dictionary<string, WarmupPlanOptions> { ["huge"] = new() { Steps = [1_000_000_000] } },
        Sources = WarmupBenchmark.Sources.ToDictionary(name => name, _ => new SourceOptions { Warmup = new WarmupOptions { Plan = "huge" } }),
    };

    private int Next() => _next = (_next + 1) % _attempts.Length;
}
