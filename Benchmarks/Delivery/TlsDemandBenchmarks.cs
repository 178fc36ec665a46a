using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using BenchmarkDotNet.Attributes;
using Engine.Configuration;
using Engine.Delivery.Dane;
using Engine.Delivery.Trust;
using Engine.Dns;
using Engine.Mail;
using Engine.Routing;

namespace Benchmarks.Delivery;

/// <summary>What opening a session costs beside the handshake: the demand for a host whose answers are in the cache, and a leaf held against 3 1 1. Nothing of it is done for a message on an open session.</summary>
[MemoryDiagnoser]
[SuppressMessage("Design", "CA1001", Justification = "GlobalCleanup disposes.")]
public class TlsDemandBenchmarks
{
    private static readonly TlsRequirement Authentic = new() { IsMxAuthentic = true };
    private static readonly TlsRequirement Enforce = new() { Sts = StsMode.Enforce, MxPatterns = ["mx1.example", "*.mail.example"] };
    private static readonly string[] Names = ["mx.mail.example"];

    private readonly DnsClient _dns = new(new DnsOptions(), TimeProvider.System, new Random(1), Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
    private readonly AddressAnswer _addresses = new(LookupStatus.Found, [IPAddress.Loopback], IsAuthentic: true, DateTimeOffset.MaxValue);
    private DaneDesk _desk = null!;
    private X509Certificate2 _leaf = null!;
    private TlsaSet _tlsa = null!;

    [GlobalSetup]
    public async Task PrepareAsync()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _leaf = new CertificateRequest("CN=mx.mail.example", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var record = new DnsRecord.Tlsa(3, 1, 1, SHA256.HashData(_leaf.PublicKey.ExportSubjectPublicKeyInfo()));
        var answer = new DnsAnswer(LookupStatus.Found, [record], IsAuthentic: true, DateTimeOffset.UtcNow.AddDays(1));
        await _dns.Lookups.FindAsync<DnsAnswer>(CacheKey.Records(DomainName.Parse("_25._tcp.mx.mail.example"), RecordType.Tlsa), (_, _) => Task.FromResult<IAnswer>(answer), CancellationToken.None);
        _desk = new DaneDesk(_dns);
        _tlsa = TlsaSet.Of("mx.mail.example", answer.Records);
    }

    [Benchmark]
    public async Task<object> DaneFromCache()
    {
        var dane = await _desk.FindAsync("mx.mail.example", 25, _addresses, CancellationToken.None);
        return TlsTerms.Choose(new HostFacts("mx.mail.example", TlsPolicy.Opportunistic, TlsWish.Usual, Authentic, dane, IsNameSure: false));
    }

    [Benchmark]
    public object StsOfPolicy() => TlsTerms.Choose(new HostFacts("mx.mail.example", TlsPolicy.Opportunistic, TlsWish.Usual, Enforce, DaneAnswer.None, IsNameSure: false));

    [Benchmark]
    public object NoPolicy() => TlsTerms.Choose(new HostFacts("mx.mail.example", TlsPolicy.Opportunistic, TlsWish.Usual, TlsRequirement.None, DaneAnswer.None, IsNameSure: false));

    [Benchmark]
    public bool HoldLeaf() => DaneMatch.Check(_tlsa, _leaf, [], Names, DateTimeOffset.UnixEpoch).Holds;
}
