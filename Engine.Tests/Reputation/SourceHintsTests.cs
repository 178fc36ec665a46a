using Engine.Mail;
using Engine.Reputation;

namespace Engine.Tests.Reputation;

internal sealed class SourceHintsTests
{
    private static readonly MessageId Letter = new(7);
    private static readonly SourceId First = new(1);

    private readonly ManualClock _clock = new();

    [Test]
    public void A_hint_is_given_once_with_ten_minutes_after_it_is_due()
    {
        var hints = new SourceHints(_clock);
        var due = _clock.GetUtcNow() + TimeSpan.FromSeconds(65);
        hints.Remember(Letter, 3, First, due);

        Assert.That(hints.TryTake(Letter, 2, out _, out _), Is.False);
        Assert.That(hints.TryTake(Letter, 3, out var source, out var until), Is.True);
        Assert.That((source, until), Is.EqualTo((First, due + TimeSpan.FromMinutes(10))));
        Assert.That(hints.TryTake(Letter, 3, out _, out _), Is.False);
        Assert.That(hints.Count, Is.Zero);
    }

    [Test]
    public void A_later_deferral_replaces_the_hint()
    {
        var hints = new SourceHints(_clock);
        hints.Remember(Letter, 0, First, _clock.GetUtcNow());
        hints.Remember(Letter, 0, new SourceId(2), _clock.GetUtcNow());

        Assert.That(hints.Count, Is.EqualTo(1));
        Assert.That(hints.TryTake(Letter, 0, out var source, out _), Is.True);
        Assert.That(source, Is.EqualTo(new SourceId(2)));
    }

    [Test]
    public void A_hint_whose_time_is_over_binds_nobody()
    {
        var hints = new SourceHints(_clock);
        hints.Remember(Letter, 0, First, _clock.GetUtcNow());
        _clock.Advance(TimeSpan.FromMinutes(11));

        Assert.That(hints.TryTake(Letter, 0, out _, out _), Is.False);
        Assert.That(hints.Count, Is.Zero);
    }

    [Test]
    public void When_it_is_full_what_is_over_makes_room()
    {
        var hints = new SourceHints(_clock);
        for (var recipient = 0; recipient < SourceHints.Most; recipient++)
        {
            hints.Remember(Letter, recipient, First, _clock.GetUtcNow());
        }

        hints.Remember(new MessageId(8), 0, First, _clock.GetUtcNow());
        Assert.That(hints.TryTake(new MessageId(8), 0, out _, out _), Is.False);

        _clock.Advance(TimeSpan.FromMinutes(11));
        hints.Remember(new MessageId(8), 0, First, _clock.GetUtcNow());
        Assert.That(hints.Count, Is.EqualTo(1));
        Assert.That(hints.TryTake(new MessageId(8), 0, out _, out _), Is.True);
    }
}
