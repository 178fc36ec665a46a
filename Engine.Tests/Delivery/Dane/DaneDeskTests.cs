using System.Net;
using Engine.Configuration;
using Engine.Delivery.Dane;
using Engine.Dns;
using Engine.Tests.Dns;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Tests.Delivery.Dane;

/// <summary>What is asked for a host, and what answers that do not come mean.</summary>
[CancelAfter(30_000)]
internal sealed class DaneDeskTests
{
    // The name that the host stands for is in a zone that is not signed.
    private static readonly AddressAnswer Aliased = new(LookupStatus.Found, [IPAddress.Loopback], IsAuthentic: false, DateTimeOffset.MaxValue) { Alias = "host.unsigned.example" };

    [TestCase("found", "Found mx.example")]
    [TestCase("unsigned", "None ")]
    [TestCase("refused", "Failed mx.example")]
    public async Task An_alias_into_an_unsigned_zone_leaves_the_own_name_and_none_that_cannot_be_looked_up_is_none(string alias, string expected, CancellationToken stop)
    {
        await using var resolver = new ScriptedResolver(asked => (asked.Query.Type, alias) switch
        {
            (RecordType.Cname, "refused") => asked.Code(ResponseCode.ServerFailure),
            (RecordType.Cname, _) => Answer(asked, alias is "found", Asked.Alias(asked.Query.Name, Aliased.Alias!)),
            _ => Answer(asked, isAuthentic: true, new ResourceRecord(asked.Query.Name, 300, new DnsRecord.Tlsa(3, 1, 1, new byte[32]))),
        });
        await using var dns = new DnsClient(new DnsOptions { Servers = [resolver.Address], Cache = 1_000, TrustAd = true }, TimeProvider.System, new Random(1), NullLogger.Instance);

        var found = await new DaneDesk(dns).FindAsync("mx.example", 25, Aliased, stop);

        Assert.That($"{found.State} {found.Name}", Is.EqualTo(expected));
    }

    private static byte[] Answer(Asked asked, bool isAuthentic, ResourceRecord record) =>
        Asked.Write(new DnsResponse(asked.Query, ResponseCode.NoError) { IsAuthentic = isAuthentic, Answers = [record] });
}
