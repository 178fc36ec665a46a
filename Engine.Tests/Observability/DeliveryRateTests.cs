using Engine.Mail;
using Engine.Observability;

namespace Engine.Tests.Observability;

internal sealed class DeliveryRateTests : IEvents
{
    private readonly ManualClock _clock = new(Lines.Noon);
    private int _passedOn;

    [TestCase("delivered", "5m=1")]
    [TestCase("delivered delivered delivered bounced:spam_content", "5m=0.75")]
    [TestCase("delivered bounced:bad_recipient bounced:mailbox_full expired:bad_domain", "5m=1")]
    [TestCase("delivered expired:network", "5m=0.5")]
    [TestCase("delivered expired:", "5m=0.5")]
    [TestCase("deferred:network cancelled: uncertain: accepted:", "")]
    [TestCase("bounced:ip_block", "5m=0")]
    public void Ends_are_counted(string events, string expected)
    {
        var rate = new DeliveryRate(this, _clock);
        foreach (var text in events.Split(' '))
        {
            var parts = text.Split(':');
            rate.Write(new Event
            {
                Kind = Enum.Parse<EventKind>(parts[0], ignoreCase: true),
                Category = parts is [_, { Length: > 0 } category] ? new Category(category) : default,
            });
        }

        Assert.That(Text(rate).Split(' ')[0], Is.EqualTo(expected));
        Assert.That(_passedOn, Is.EqualTo(events.Split(' ').Length));
    }

    [Test]
    public void Each_window_forgets_in_its_own_time()
    {
        var rate = new DeliveryRate(this, _clock);
        rate.Write(new Event { Kind = EventKind.Bounced });
        Assert.That(Text(rate), Is.EqualTo("5m=0 1h=0 24h=0"));

        _clock.Advance(TimeSpan.FromMinutes(5));
        rate.Write(new Event { Kind = EventKind.Delivered });
        Assert.That(Text(rate), Is.EqualTo("5m=1 1h=0.5 24h=0.5"));

        _clock.Advance(TimeSpan.FromMinutes(55));
        Assert.That(Text(rate), Is.EqualTo("1h=1 24h=0.5"));

        _clock.Advance(TimeSpan.FromHours(23));
        Assert.That(Text(rate), Is.EqualTo("24h=1"));

        _clock.Advance(TimeSpan.FromHours(1));
        Assert.That(Text(rate), Is.Empty);
    }

    public void Write(in Event line) => _passedOn++;

    private static string Text(DeliveryRate rate) =>
        string.Join(' ', rate.Measure().Select(one => FormattableString.Invariant($"{one.Tags[0].Value}={one.Value}")));
}
