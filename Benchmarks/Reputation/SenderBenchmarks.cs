using BenchmarkDotNet.Attributes;
using Engine.Configuration;
using Engine.Mail;
using Engine.Reputation;
using Engine.Reputation.Score;

namespace Benchmarks.Reputation;

/// <summary>What brakes and score cost a delivered recipient, and engagement an address: 200 accounts, 2,000 campaigns, 1 M engaged addresses.</summary>
[MemoryDiagnoser]
public class SenderBenchmarks
{
    private const int Campaigns = 2_000;

    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly SenderWatch _watch = new(new BrakesOptions(), new ScoreOptions());
    private readonly EngagementBook _book = new(new EngagementOptions(), static address => new AddressDigest((ulong)address.Wire.Span.Length, 0));
    private SenderNews[] _news = [];
    private SenderNews _bad;
    private int _next;

    [GlobalSetup]
    public void Prepare()
    {
        _news = [.. Enumerable.Range(0, Campaigns).Select(number => News(number, SenderNewsKind.Delivered))];
        new Random(1).Shuffle(_news);
        foreach (ref readonly var news in _news.AsSpan())
        {
            _watch.Heard(news);
        }

        _bad = News(7, SenderNewsKind.HardBounced);
        for (ulong number = 0; number < 1_000_000; number++)
        {
            _book.Mark(new AddressDigest(number * 0x9E3779B97F4A7C15, 1), 2_000);
        }
    }

    /// <summary>Any campaign after any other: nothing is in the cache of the core.</summary>
    [Benchmark]
    public void Delivered() => _watch.Heard(_news[_next = (_next + 1) % Campaigns]);

    /// <summary>One campaign, as it goes out.</summary>
    [Benchmark]
    public void DeliveredOfOneCampaign() => _watch.Heard(_news[0]);

    [Benchmark]
    public void HardBounced() => _watch.Heard(_bad);

    [Benchmark]
    public bool Marked() => _book.Mark(new AddressDigest((ulong)(_next = (_next + 1) % 1_000_000) * 0x9E3779B97F4A7C15, 1), 2_000);

    /// <summary>Scores of all accounts and domains, as each minute.</summary>
    [Benchmark]
    public int Judge() => _watch.Judge(Now).Count;

    private static SenderNews News(int number, SenderNewsKind kind) => new()
    {
        Kind = kind,
        Account = $"account-{number % 200}",
        Stream = "news",
        Campaign = $"campaign-{number}",
        Class = StreamClass.Marketing,
        SenderDomain = DomainName.Parse($"mail.customer-{number % 200}.example"),
        At = Now,
    };
}
