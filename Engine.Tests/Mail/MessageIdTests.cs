using Engine.Mail;

namespace Engine.Tests.Mail;

internal sealed class MessageIdTests
{
    [Test]
    public void The_text_form_reads_back()
    {
        var id = new MessageIdSource(4_095, TimeProvider.System).Next();

        Assert.That(MessageId.TryParse(id.ToString(), out var again), Is.True);
        Assert.That(again, Is.EqualTo(id));
        Assert.That(again.Node, Is.EqualTo(4_095));
    }

    [TestCase("")]
    [TestCase("0000000000000x")]
    [TestCase("zzzzzzzzzzzzz", Description = "more than 64 bits")]
    [TestCase("000000000000u", Description = "u is no letter of this alphabet")]
    public void What_is_no_id_is_refused(string text) => Assert.That(MessageId.TryParse(text, out _), Is.False);

    [Test]
    public void Ids_grow_when_the_clock_stands_still()
    {
        var clock = new FixedClock();
        var ids = new MessageIdSource(1, clock);
        var first = ids.Next();
        var second = ids.Next();

        Assert.That(second > first, Is.True);
        Assert.That(new MessageIdSource(1, clock, second).Next() > second, Is.True);
    }

    private sealed class FixedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);
    }
}
