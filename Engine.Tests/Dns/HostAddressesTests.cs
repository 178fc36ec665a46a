using System.Net;
using Engine.Dns;

namespace Engine.Tests.Dns;

internal sealed class HostAddressesTests
{
    // Status, AD and seconds to live of A and of AAAA, and of both together.
    [TestCase("Found+60", "Found+30", "Found+30")]
    [TestCase("Found+60", "NoData-300", "Found-60")]
    [TestCase("NoData+300", "Found+60", "Found+60")]
    [TestCase("Found+600", "Failed-5", "Found+60", Description = "half a failure is tried again after a minute")]
    [TestCase("Found+30", "Failed-5", "Found+30")]
    [TestCase("Failed-5", "NoData+300", "Failed+5")]
    [TestCase("NoSuchDomain+300", "Failed-5", "Failed+5")]
    [TestCase("Failed-5", "Failed-5", "Failed-5")]
    [TestCase("NoSuchDomain+300", "NoSuchDomain+60", "NoSuchDomain+60")]
    [TestCase("NoData+300", "NoSuchDomain+60", "NoData+60", Description = "a name with records of one type exists")]
    [TestCase("NoData+300", "NoData+60", "NoData+60")]
    public void Two_answers_make_one(string four, string six, string expected)
    {
        var merged = HostAddresses.Merge(Answer(four, "192.0.2.1"), Answer(six, "2001:db8::1"), ManualClock.Start);

        Assert.That($"{merged.Status}{(merged.IsAuthentic ? '+' : '-')}{(merged.Expires - ManualClock.Start).TotalSeconds}", Is.EqualTo(expected));
        Assert.That(merged.Addresses, Has.Count.EqualTo((four + six).Split("Found").Length - 1));
    }

    private static DnsAnswer Answer(string text, string address)
    {
        var at = text.IndexOfAny(['+', '-']);
        var status = Enum.Parse<LookupStatus>(text[..at]);
        DnsRecord[] records = status is LookupStatus.Found ? [new DnsRecord.Address(IPAddress.Parse(address))] : [];
        return new DnsAnswer(status, records, text[at] == '+', ManualClock.Start.AddSeconds(int.Parse(text[(at + 1)..], provider: null)));
    }
}
