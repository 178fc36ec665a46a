using System.Net;
using Engine.Demo;

namespace Engine.Tests.Demo;

internal sealed class DemoVerdictTests
{
    private readonly SteppedClock _clock = new();
    private readonly Ledger _ledger;

    public DemoVerdictTests() => _ledger = new Ledger(_clock);

    [Test]
    public void Two_messages_well_ended_hold()
    {
        Deliver(1, "a@x.test");
        Bounce(2, "gone@x.test");

        var report = Report(count: 2);

        Assert.That(report.Faults, Is.Empty);
        Assert.That((report.Held, report.ExitCode, report.Delivered, report.Bounced), Is.EqualTo((true, 0, 1, 1)));
    }

    [TestCase(3, 0, "2 of 3 messages were accepted")]
    [TestCase(2, 4, "4 recipients are still queued")]
    public void Figures_that_do_not_fit_are_named(int count, long queued, string fault)
    {
        Deliver(1, "a@x.test");
        Bounce(2, "gone@x.test");

        Assert.That(Report(count, queued).Faults, Is.EqualTo(new[] { fault }));
    }

    [Test]
    public void A_recipient_lost_is_named()
    {
        Deliver(1, "a@x.test");
        Submit(2, "b@x.test");

        Assert.That(Report(2).Faults, Is.EqualTo(new[] { "1 recipients were neither delivered nor bounced" }));
    }

    [Test]
    public void A_duplicate_is_named()
    {
        Deliver(1, "a@x.test");
        Take(1, "a@x.test");

        Assert.That(Report(1).Faults, Is.EqualTo(new[] { "1 deliveries were duplicates" }));
    }

    [Test]
    public void Mail_nobody_submitted_is_named()
    {
        Deliver(1, "a@x.test");
        Take(1, "b@x.test");

        Assert.That(Report(1).Faults, Is.EqualTo(new[] { "1 recipients got mail that nobody submitted to them" }));
    }

    [Test]
    public void Recipients_that_ended_otherwise_than_scripted_are_named()
    {
        Deliver(1, "gone@x.test");
        Bounce(2, "a@x.test");

        Assert.That(Report(2).Faults, Is.EqualTo(new[] { "2 recipients ended otherwise than their receiver's script says" }));
    }

    [Test]
    public void Signatures_broken_or_never_seen_are_named()
    {
        Submit(1, "a@x.test");
        Take(1, "a@x.test");
        Deliver(2, "b@x.test");
        _ledger.Verify(2, passed: false);

        Assert.That(
            Report(2).Faults,
            Is.EqualTo(new[] { "1 messages came with a signature missing or broken", "1 delivered messages had no signature verified" }));
    }

    [Test]
    public void Trouble_stands_first()
    {
        Deliver(1, "a@x.test");

        var report = new DemoVerdict(new DemoSettings { Count = 1 }, _ledger, static _ => false).Report(0, TimeSpan.Zero, "out of time");

        Assert.That(report.Faults, Is.EqualTo(new[] { "out of time" }));
    }

    private DemoReport Report(int count, long queued = 0) =>
        new DemoVerdict(new DemoSettings { Count = count }, _ledger, static one => one.StartsWith("gone", StringComparison.Ordinal))
            .Report(queued, TimeSpan.FromSeconds(1), trouble: null);

    private void Deliver(long number, string recipient)
    {
        Submit(number, recipient);
        Take(number, recipient);
        _ledger.Verify(number, passed: true);
    }

    private void Bounce(long number, string recipient)
    {
        Submit(number, recipient);
        _ledger.Refuse(recipient);
    }

    private void Submit(long number, string recipient)
    {
        _ledger.Announce(number, [recipient]);
        _ledger.Acknowledge(number, $"id{number}");
    }

    private void Take(long number, string recipient) =>
        _ledger.Take(new Reception(number, "id", "s@demo.test", [recipient], null, IPAddress.Loopback, default));
}
