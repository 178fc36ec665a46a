using BenchmarkDotNet.Attributes;
using Engine.Dns;
using Engine.Mail;

namespace Benchmarks.Dns;

/// <summary>Reading a typical MX reply (five exchangers, a CNAME-free answer of 200 octets), and a hit in a cache of a million places.</summary>
[MemoryDiagnoser]
public class ResolverBenchmarks
{
    private static readonly DnsQuery Query = new(4_711, "example.com", RecordType.Mx) { UdpSize = DnsQuery.UsualUdpSize };

    private readonly AnswerReader _reader = new(trustAd: true, TimeProvider.System);
    private readonly AnswerCache _cache = new(1_000_000, TimeProvider.System);
    private byte[] _query = [];
    private byte[] _reply = [];
    private byte[] _no = [];
    private CacheKey[] _keys = [];
    private int _next;

    [GlobalSetup]
    public void Prepare()
    {
        var buffer = new byte[512];
        _query = buffer[..Query.Write(buffer)];
        var hosts = new[] { "aspmx", "alt1.aspmx", "alt2.aspmx", "alt3.aspmx", "alt4.aspmx" };
        var answers = hosts.Select((host, at) => new ResourceRecord("example.com", 300, new DnsRecord.Mx((ushort)(at * 10), $"{host}.l.google.com"))).ToArray();
        _reply = buffer[..new DnsResponse(Query, ResponseCode.NoError) { Answers = answers }.Write(buffer)];
        var start = new ResourceRecord("com", 900, new DnsRecord.Soa("a.gtld-servers.net", "nstld.verisign-grs.com", 1, 1_800, 900, 604_800, 900));
        _no = buffer[..new DnsResponse(Query, ResponseCode.NoSuchName) { Authorities = [start] }.Write(buffer)];
        _keys = [.. Enumerable.Range(0, 65_536).Select(number => CacheKey.Exchangers(DomainName.Parse($"recipient-domain-{number}.example")))];
        foreach (var key in _keys)
        {
            _cache.Keep(key, new MxAnswer(LookupStatus.Found, [], IsImplicit: false, IsAuthentic: false, DateTimeOffset.UtcNow.AddDays(1)));
        }
    }

    [Benchmark]
    public object? ReadFiveExchangers() => _reader.Read(_reply, _query).Answer;

    [Benchmark]
    public object? ReadNoSuchName() => _reader.Read(_no, _query).Answer;

    [Benchmark]
    public object? HitOne() => _cache.Find(_keys[0]);

    [Benchmark]
    public object? HitAny() => _cache.Find(_keys[(_next += 40_503) & 0xFFFF]);
}
