using Engine.Dns;
using Engine.Reputation.Blocklists;

namespace Engine.Tests.Reputation.Blocklists;

internal sealed class AnswerRulesTests
{
    private const string Zen = "127.0.0.2=SBL;127.0.0.4-7=XBL;127.0.0.10-11=PBL";

    [TestCase(Zen, "", "", "127.0.0.2", ListVerdict.Listed, "127.0.0.2 SBL")]
    [TestCase(Zen, "", "", "127.0.0.4 127.0.0.2", ListVerdict.Listed, "127.0.0.2 SBL, 127.0.0.4 XBL")]
    [TestCase(Zen, "", "", "127.0.0.99", ListVerdict.Other, "127.0.0.99 is a code we do not know")]
    [TestCase(Zen, "", "", "127.0.0.99 127.0.0.2", ListVerdict.Listed, "127.0.0.2 SBL")]
    [TestCase(Zen, "", "", "127.255.255.254", ListVerdict.Refused, "127.255.255.254 the list does not answer this resolver")]
    [TestCase(Zen, "", "", "127.255.255.0", ListVerdict.Refused, "127.255.255.0 the list does not answer this resolver")]
    [TestCase(Zen, "", "", "127.0.0.2 127.255.255.255", ListVerdict.Refused, "127.255.255.255 the list does not answer this resolver")]
    [TestCase(Zen, "", "", "203.0.113.7", ListVerdict.Foreign, "203.0.113.7")]
    [TestCase(Zen, "", "", "127.0.0.2 203.0.113.7", ListVerdict.Foreign, "203.0.113.7")]
    [TestCase(Zen, "", "", "0.0.0.0", ListVerdict.Foreign, "0.0.0.0")]
    [TestCase("127.*.*.*", "", "", "127.255.255.252", ListVerdict.Refused, "127.255.255.252 the list does not answer this resolver")]
    [TestCase("bit 8=phishing;bit 64=abuse", "bit 1=query blocked", "", "127.0.0.72", ListVerdict.Listed, "127.0.0.72 phishing and abuse")]
    [TestCase("bit 8=phishing;bit 64=abuse", "bit 1=query blocked", "", "127.0.0.1", ListVerdict.Refused, "127.0.0.1 query blocked")]
    [TestCase("bit 8=phishing;bit 64=abuse", "bit 1=query blocked", "", "127.0.0.9", ListVerdict.Refused, "127.0.0.9 query blocked")]
    [TestCase("bit 2=black", "", "bit 4=grey", "127.0.0.4", ListVerdict.Other, "127.0.0.4 grey")]
    [TestCase("bit 2=black", "", "bit 4=grey", "127.0.0.6", ListVerdict.Listed, "127.0.0.6 black")]
    [TestCase("127.0.0.2", "", "127.0.0.1=white", "127.0.0.2", ListVerdict.Listed, "127.0.0.2")]
    [TestCase("127.0.0.2", "", "127.0.0.1=white", "127.0.0.1", ListVerdict.Other, "127.0.0.1 white")]
    public void An_answer_is_judged(string listed, string refused, string known, string addresses, ListVerdict verdict, string meaning)
    {
        var answer = SampleLists.Rules(listed, refused, known).Judge(SampleLists.Found(addresses), SampleLists.Start);

        Assert.That((answer.Verdict, answer.Meaning), Is.EqualTo((verdict, meaning)));
        Assert.That(answer.Ttl, Is.EqualTo(verdict is ListVerdict.Listed ? TimeSpan.FromSeconds(300) : TimeSpan.Zero));
    }

    [TestCase(LookupStatus.NoSuchDomain, ListVerdict.NotListed)]
    [TestCase(LookupStatus.NoData, ListVerdict.NotListed)]
    [TestCase(LookupStatus.Failed, ListVerdict.NoAnswer)]
    public void No_and_silence_differ(LookupStatus status, ListVerdict expected)
    {
        var answer = new DnsAnswer(status, [], IsAuthentic: false, SampleLists.Start) { NegativeTtl = status is LookupStatus.Failed ? null : TimeSpan.FromSeconds(7) };
        var judged = SampleLists.Rules(Zen).Judge(answer, SampleLists.Start);

        Assert.That(judged.Verdict, Is.EqualTo(expected));
        Assert.That(judged.NegativeTtl, Is.EqualTo(answer.NegativeTtl));
    }
}
