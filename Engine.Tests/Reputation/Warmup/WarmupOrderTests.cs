using Engine.Configuration;
using Engine.Reputation.Warmup;

namespace Engine.Tests.Reputation.Warmup;

/// <summary>What operators say over the machine.</summary>
internal sealed class WarmupOrderTests
{
    private static readonly DateTimeOffset First = Attempts.DayNumber(0);
    private static readonly DateTimeOffset Second = Attempts.DayNumber(1);

    [Test]
    public void A_held_source_stays_at_its_step_and_goes_on_when_it_is_resumed()
    {
        var book = Attempts.Book();
        book.Apply([Order(SourceOverride.HoldWarmup(Attempts.Source), "true")], First);
        book.Day(First, 100);
        var held = book.Turn(Second).Single();
        Assert.That((held.Move, held.Why, book.Now(Second).Step), Is.EqualTo((WarmupMove.Held, WarmupHold.Order, 0)));
        Assert.That(book.Standings(Second).Single(), Has.Property("HeldBecause").EqualTo("an operator holds it").And.Property("DoneOn").Null);

        book.Apply([], Second);
        book.Day(Second, 100);
        Assert.That(book.Now(Attempts.DayNumber(2)).Step, Is.EqualTo(1));
    }

    [Test]
    public void Machines_hold_and_resume_too()
    {
        var book = Attempts.Book();
        book.Hold(Attempts.Source);
        book.Day(First, 100);
        book.Turn(Second);
        book.Resume(Attempts.Source);
        book.Day(Second, 100);

        Assert.That((book.Now(Second).Step, book.Now(Attempts.DayNumber(2)).Step), Is.EqualTo((0, 1)));
    }

    [Test]
    public void An_order_is_carried_out_once()
    {
        var book = Attempts.Book();
        Override[] orders = [Order(SourceOverride.WarmupStep(Attempts.Source), "5")];
        book.Day(First, 10);
        book.Apply(orders, First);
        var change = book.Turn(First).Single();
        Assert.That((change.Move, change.From, change.To), Is.EqualTo((WarmupMove.Ordered, 0, 4)));
        Assert.That(book.Now(First), Has.Property("DayAllowance").EqualTo(1_600).And.Property("UsedToday").EqualTo(10));
        Assert.That(book.Of(Attempts.Source, "yahoo", First).DayAllowance, Is.EqualTo(1_600), "where nothing was sent yet, it begins there");

        book.Day(First, 1_000);
        book.Apply(orders, Second);
        Assert.That(book.Now(Second).Step, Is.EqualTo(5), "earned since");

        book.Apply([Order(SourceOverride.WarmupStep(Attempts.Source), "1", Second)], Second);
        Assert.That(book.Now(Second).Step, Is.Zero);
    }

    [Test]
    public void An_order_for_one_operator_goes_before_that_for_all()
    {
        var book = Attempts.Book();
        book.Apply([Order(SourceOverride.WarmupStep(Attempts.Source), "3"), Order(SourceOverride.WarmupStep(Attempts.Source, Attempts.Gmail), "warm")], First);

        Assert.That(book.Now(First).IsWarm);
        Assert.That(book.Of(Attempts.Source, "mx.tiny.example", First).Step, Is.EqualTo(2));
    }

    [Test]
    public void A_step_can_be_set_by_machines()
    {
        var book = Attempts.Book();
        book.SetStep(Attempts.Source, Attempts.Gmail, 3, First);

        Assert.That(book.Now(First).Step, Is.EqualTo(3));
    }

    [TestCase("source.drain.a1", "true", true)]
    [TestCase("source.disable.a1", "true", true)]
    [TestCase("source.disable.a1", "false", false)]
    [TestCase("source.disable.a b", "true", false)]
    [TestCase("source.disable.", "true", false)]
    [TestCase("source.sleep.a1", "true", false)]
    [TestCase("warmup.hold.a1", "true", true)]
    [TestCase("warmup.hold.a1/google", "true", false)]
    [TestCase("warmup.step.a1", "1", true)]
    [TestCase("warmup.step.a1", "366", true)]
    [TestCase("warmup.step.a1", "warm", true)]
    [TestCase("warmup.step.a1", "0", false)]
    [TestCase("warmup.step.a1", "367", false)]
    [TestCase("warmup.step.a1", "true", false)]
    [TestCase("warmup.step.a1/mx1.mail.example", "3", true)]
    [TestCase("warmup.step.a1/", "3", false)]
    [TestCase("warmup.step.a1/a b", "3", false)]
    [TestCase("warmup.step./google", "3", false)]
    public void A_key_takes_what_it_means(string key, string value, bool taken) => Assert.That(OverrideKey.Takes(key, value), Is.EqualTo(taken));

    private static Override Order(string key, string value, DateTimeOffset? at = null) => new(key, value, "ops", "why", at ?? First);
}
