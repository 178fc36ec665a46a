using Engine.Configuration;
using Engine.Reputation.Blocklists;

namespace Engine.Tests.Reputation.Blocklists;

internal sealed class ListMentionTests
{
    private static readonly IReadOnlyList<Blocklist> Lists =
        BlocklistSelection.Choose(BlocklistTable.Shipped(), BlocklistTable.Dead(), new BlocklistOptions(), new Dictionary<string, string>(), out _);

    [TestCase("550 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org; https://www.spamhaus.org/query/ip/192.0.2.1", "zen.spamhaus.org")]
    [TestCase("554 5.7.1 listed: 1.2.0.192.ZEN.SPAMHAUS.ORG.", "zen.spamhaus.org")]
    [TestCase("550 5.7.1 [192.0.2.1] blocked by netbl.spameatingmonkey.net", "netbl.spameatingmonkey.net")]
    [TestCase("553 5.7.1 [BL21] Connections will not be accepted from 192.0.2.1, because the ip is in Spamhaus's list; see http://postmaster.yahoo.com/550-bl23.html", "dbl.spamhaus.org zen.spamhaus.org")]
    [TestCase("550 permanent failure for one or more recipients (x@y.example:blocked) http://www.barracudacentral.org/reputation?pr=1", "b.barracudacentral.org")]
    [TestCase("550 5.7.1 see notspamhaus", "")]
    [TestCase("550 5.7.1 see zen.spamhaus.org.example", "dbl.spamhaus.org zen.spamhaus.org")]
    [TestCase("550 5.1.1 no such user", "")]
    [TestCase("", "")]
    public void A_reply_names_a_list(string reply, string expected) =>
        Assert.That(string.Join(' ', ListMention.Find(reply, Lists).Select(list => list.Zone).Distinct().Order(StringComparer.Ordinal)), Is.EqualTo(expected));
}
