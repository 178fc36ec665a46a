using BenchmarkDotNet.Attributes;
using Engine.Configuration;
using Engine.Mail;

namespace Benchmarks.Mail;

/// <summary>Return-path tokens: made once for each attempt, opened once for each RCPT that comes back.</summary>
[MemoryDiagnoser]
public class TokenBenchmarks
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);

    private readonly TokenRing _ring = new([.. Enumerable.Range(0, TokenRing.MaxKeys).Select(at => ($"k{at}", new byte[TokenRing.MinSecret]))], "k0");
    private readonly byte[] _text = new byte[Mailbox.MaxLength];
    private readonly byte[] _forged = new byte[TokenRing.TextLength];
    private readonly ReturnPathDomains _domains = new(new EngineOptions
    {
        Hostname = "mta1.example.com",
        Domains = new Dictionary<string, DomainOptions> { ["*"] = new() { ReturnPath = "bounce.{domain}" } },
    });

    private readonly DomainName _sender = DomainName.Parse("acme.example");
    private ReturnToken _token;

    [GlobalSetup]
    public void SetUp()
    {
        _token = new ReturnToken(TokenPurpose.Bounce, new MessageId(1), new AddressDigest(2, 3), new StreamKey(4, 5), ReturnToken.DayOf(Now));
        _ring.Seal(_token, _text);
        _ring.Seal(_token, _forged);
        _forged[^1] = _forged[^1] == (byte)'0' ? (byte)'1' : (byte)'0';
    }

    /// <summary>A whole path: token and domain.</summary>
    [Benchmark]
    public int Seal()
    {
        var length = _ring.Seal(_token, _text);
        var domain = _domains.Of(_sender).Octets;
        domain.CopyTo(_text.AsSpan(length));
        return length + domain.Length;
    }

    [Benchmark]
    public object Open() => _ring.TryOpen(_text.AsSpan(0, TokenRing.TextLength), TokenPurpose.Bounce, Now, TimeSpan.FromDays(14), out _) is TokenVerdict.Good ? this : throw new InvalidOperationException();

    [Benchmark]
    public object Refuse() => _ring.TryOpen(_forged, TokenPurpose.Bounce, Now, TimeSpan.FromDays(14), out _) is TokenVerdict.Forged ? this : throw new InvalidOperationException();
}
