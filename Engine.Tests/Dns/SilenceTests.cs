using Engine.Configuration;
using Engine.Dns;
using Engine.Mail;
using Engine.Tests.Peers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Tests.Dns;

/// <summary>A question that failed: our own trouble, or the zone's.</summary>
[CancelAfter(20_000)]
internal sealed class SilenceTests
{
    private static readonly DomainName Domain = DomainName.Parse("example.com");

    private readonly ManualClock _clock = new();

    [TestCase(ResponseCode.ServerFailure, false)]
    [TestCase(ResponseCode.Refused, true)]
    public async Task A_failure_tells_whether_a_resolver_has_spoken(object code, bool isSilence, CancellationToken stop)
    {
        using var nobody = PeerPort.Take();
        await using var poor = new ScriptedResolver(asked => asked.Code((ResponseCode)code));
        await using var client = Client(poor.Address, nobody.EndPoint.ToString());

        var answer = await client.AskAsync(Domain, RecordType.Tlsa, stop);
        Assert.That((answer.Status, answer.IsSilence), Is.EqualTo((LookupStatus.Failed, isSilence)));
    }

    [Test]
    public async Task Where_nobody_listens_there_is_silence(CancellationToken stop)
    {
        using var nobody = PeerPort.Take();
        await using var client = Client(nobody.EndPoint.ToString());

        var answer = await client.AskAsync(Domain, RecordType.Tlsa, stop);
        Assert.That((answer.Status, answer.IsSilence), Is.EqualTo((LookupStatus.Failed, true)));
    }

    private DnsClient Client(params string[] servers) => new(new DnsOptions { Servers = servers, Cache = 1_000 }, _clock, new Random(1), NullLogger.Instance);
}
