using System.Diagnostics.CodeAnalysis;
using BenchmarkDotNet.Attributes;
using Engine.Configuration;
using Engine.Delivery.Sts;
using Engine.Dns;
using Engine.Mail;
using Engine.Routing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Benchmarks.Delivery;

/// <summary>What a domain asks of TLS, for domains that are known: with a policy, without one, and one of 65,536 at random.</summary>
[MemoryDiagnoser]
[SuppressMessage("Design", "CA1001", Justification = "GlobalCleanup disposes.")]
public class StsDeskBenchmark
{
    private readonly DomainName[] _domains = [.. Enumerable.Range(0, 65_536).Select(number => DomainName.Parse($"recipient-domain-{number}.example"))];
    private readonly MxAnswer _answer = new(LookupStatus.Found, [], IsImplicit: false, IsAuthentic: false, DateTimeOffset.MaxValue);
    private StsDesk? _desk;
    private int _next;

    [GlobalSetup]
    public async Task PrepareAsync()
    {
        var current = new CurrentSnapshot(new Snapshot(new EngineOptions { Hostname = "mta.example" }));
        _desk = new StsDesk(current, Ask, new Nowhere(), new StsPolicies(StsPolicies.Most, StsPolicies.MostLetters), TimeProvider.System, new UnguessableRandom(), NullLogger.Instance);
        foreach (var domain in _domains)
        {
            await _desk.FindAsync(domain, _answer, CancellationToken.None);
        }
    }

    [Benchmark]
    public async ValueTask<object> WithPolicy() => await _desk!.FindAsync(_domains[0], _answer, CancellationToken.None);

    [Benchmark]
    public async ValueTask<object> WithoutPolicy() => await _desk!.FindAsync(_domains[1], _answer, CancellationToken.None);

    [Benchmark]
    public async ValueTask<object> Any() => await _desk!.FindAsync(_domains[(_next += 40_503) & 0xFFFF], _answer, CancellationToken.None);

    private static Task<DnsAnswer> Ask(DomainName name, CancellationToken stop) => Task.FromResult(
        name.Name.EndsWith("0.example", StringComparison.Ordinal)
            ? new DnsAnswer(LookupStatus.Found, [new DnsRecord.Text("v=STSv1; id=1")], IsAuthentic: false, DateTimeOffset.UtcNow.AddDays(1))
            : new DnsAnswer(LookupStatus.NoData, [], IsAuthentic: false, DateTimeOffset.UtcNow.AddDays(1)));

    private sealed class Nowhere : IStsFetch
    {
        public ValueTask<StsFetched> FetchAsync(DomainName domain, CancellationToken stop) =>
            new(new StsFetched(new StsPolicy(StsMode.Enforce, TimeSpan.FromDays(7)) { Patterns = [$"*.{domain}"] }, TlsFailure.None, string.Empty));
    }
}
