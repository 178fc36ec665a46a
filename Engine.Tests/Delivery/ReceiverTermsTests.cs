using Engine.Configuration;
using Engine.Configuration.Providers;
using Engine.Delivery;

namespace Engine.Tests.Delivery;

internal sealed class ReceiverTermsTests
{
    private static readonly FlowAction Tls = new(FlowOperation.RequireTls, FlowScope.Provider, TimeSpan.FromDays(7), 0, 0);

    private readonly ManualClock _clock = new();

    [Test]
    public void A_receiver_that_asks_for_tls_gets_it_for_as_long_as_the_rule_says()
    {
        var terms = new ReceiverTerms(_clock);
        terms.Take(Tls, "strict");

        Assert.That(terms.TlsFor(TlsPolicy.Opportunistic, null, "strict"), Is.EqualTo(TlsPolicy.Required));
        Assert.That(terms.TlsFor(TlsPolicy.Opportunistic, null, "other"), Is.EqualTo(TlsPolicy.Opportunistic));
        Assert.That(terms.TlsFor(TlsPolicy.Off, null, "strict"), Is.EqualTo(TlsPolicy.Off), "an order of the operator's stays");
        _clock.Advance(TimeSpan.FromDays(7));
        Assert.That(terms.TlsFor(TlsPolicy.Opportunistic, null, "strict"), Is.EqualTo(TlsPolicy.Opportunistic));
    }

    [Test]
    public void The_provider_data_may_ask_for_it_too() =>
        Assert.That(new ReceiverTerms(_clock).TlsFor(TlsPolicy.Opportunistic, ProviderBook.Shipped.Find("google"), "google"), Is.EqualTo(TlsPolicy.Required));

    [Test]
    public void IPv4_only_is_another_thing()
    {
        var terms = new ReceiverTerms(_clock);
        terms.Take(Tls with { Operation = FlowOperation.ForceIpv4 }, "old");

        Assert.That(terms.IsIpv4Only("old"), Is.True);
        Assert.That(terms.IsIpv4Only("new"), Is.False);
        Assert.That(terms.TlsFor(TlsPolicy.Opportunistic, null, "old"), Is.EqualTo(TlsPolicy.Opportunistic));
    }
}
