using Engine.Dns;

namespace Engine.Tests.Dns;

internal sealed class ExchangersTests
{
    [TestCase("10 a.example", LookupStatus.Found, "10 a.example")]
    [TestCase("20 b.example, 10 A.Example", LookupStatus.Found, "10 a.example, 20 b.example")]
    [TestCase("10 c.example, 10 a.example, 10 b.example", LookupStatus.Found, "10 c.example, 10 a.example, 10 b.example", Description = "equals stay as they came")]
    [TestCase("20 a.example, 10 a.example, 15 b.example", LookupStatus.Found, "10 a.example, 15 b.example", Description = "each host once, where it is best")]
    [TestCase("0 .", LookupStatus.NullMx, "")]
    [TestCase("10 .", LookupStatus.NullMx, "", Description = "the preference SHOULD be 0 and need not: RFC 7505 §3")]
    [TestCase("0 ., 10 a.example", LookupStatus.Found, "10 a.example", Description = "a null MX beside others is void")]
    [TestCase(@"10 not\032a\032name, 20 a.example", LookupStatus.Found, "20 a.example")]
    [TestCase("10 192.0.2.1", LookupStatus.NoData, "", Description = "an address is no host name")]
    [TestCase(@"10 a\.b.example", LookupStatus.NoData, "")]
    public void Records_say(string records, object status, string expected)
    {
        var list = records.Split(", ").Select(text => text.Split(' ')).Select(parts => (DnsRecord)new DnsRecord.Mx(ushort.Parse(parts[0], provider: null), parts[1])).ToList();

        Assert.That(Exchangers.Read(new DnsAnswer(LookupStatus.Found, list, IsAuthentic: false, default), out var hosts), Is.EqualTo((LookupStatus)status));
        Assert.That(string.Join(", ", hosts.Select(host => $"{host.Preference} {host.Host}")), Is.EqualTo(expected));
    }

    [Test]
    public void A_no_stays_a_no([Values(LookupStatus.NoData, LookupStatus.NoSuchDomain, LookupStatus.Failed)] object status) =>
        Assert.That(Exchangers.Read(new DnsAnswer((LookupStatus)status, [], IsAuthentic: false, default), out _), Is.EqualTo((LookupStatus)status));
}
