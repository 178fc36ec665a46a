using System.Net;
using Engine.Mail;
using Engine.Reputation.Blocklists;

namespace Engine.Tests.Reputation.Blocklists;

internal sealed class ActiveSendersTests
{
    [TestCase("acme.example", "acme.example")]
    [TestCase("news.acme.example", "news.acme.example acme.example")]
    [TestCase("a.b.acme.co.uk", "b.acme.co.uk acme.co.uk co.uk")]
    [TestCase("a.news.acme.example", "a.news.acme.example news.acme.example acme.example")]
    [TestCase("example", "example")]
    public void A_domain_is_asked_about_with_its_parents(string domain, string expected) =>
        Assert.That(string.Join(' ', ActiveSenders.NamesOf(DomainName.Parse(domain))), Is.EqualTo(expected));

    [Test]
    public void Who_has_sent_in_the_last_hour_is_active()
    {
        var clock = new ManualClock();
        var active = new ActiveSenders(clock);
        active.Sent("a", IPAddress.Parse("192.0.2.1"), DomainName.Parse("news.acme.example"));
        active.Sent("default", null, default);
        clock.Advance(TimeSpan.FromMinutes(50));
        active.Sent("b", IPAddress.Parse("2001:db8::1"), DomainName.Parse("acme.example"));

        Assert.That(active.Recent().Select(subject => $"{subject.Source} {subject.Target}".Trim()), Is.EquivalentTo(new[] { "a 192.0.2.1", "b 2001:db8::1", "news.acme.example", "acme.example" }));
        clock.Advance(TimeSpan.FromMinutes(11));
        Assert.That(active.Recent().Select(subject => $"{subject.Source} {subject.Target}".Trim()), Is.EquivalentTo(new[] { "b 2001:db8::1", "acme.example" }));
    }

    [Test]
    public void A_sender_that_is_known_costs_no_memory()
    {
        var active = new ActiveSenders(new ManualClock());
        var (address, domain) = (IPAddress.Parse("192.0.2.1"), DomainName.Parse("acme.example"));
        active.Sent("a", address, domain);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var turn = 0; turn < 1_000; turn++)
        {
            active.Sent("a", address, domain);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1_000));
    }
}
