using System.Net;
using Engine.Demo;

namespace Engine.Tests.Demo;

internal sealed class LedgerTests
{
    private readonly SteppedClock _clock = new();
    private readonly Ledger _ledger;

    public LedgerTests() => _ledger = new Ledger(_clock);

    [Test]
    public void A_message_with_a_delivered_and_a_refused_recipient_is_settled()
    {
        _ledger.Announce(1, ["a@x.test", "b@x.test"]);
        _ledger.Acknowledge(1, "id1");
        _ledger.Refuse("b@x.test");
        Assert.That(_ledger.Counts.Settled, Is.Zero);

        _ledger.Take(Mail(1, "a@x.test"));

        var summary = LedgerSummary.Of(_ledger);
        Assert.That(_ledger.Counts.Settled, Is.EqualTo(1));
        Assert.That((summary.Accepted, summary.Recipients, summary.Delivered, summary.Bounced, summary.Lost, summary.Duplicates), Is.EqualTo((1, 2, 1, 1, 0, 0)));
    }

    [Test]
    public void A_delivery_before_the_answer_counts()
    {
        _ledger.Announce(1, ["a@x.test"]);
        _ledger.Take(Mail(1, "a@x.test"));
        Assert.That(_ledger.Counts.Settled, Is.Zero);

        _ledger.Acknowledge(1, "id1");

        Assert.That(_ledger.Counts.Settled, Is.EqualTo(1));
    }

    [Test]
    public void What_is_missing_is_lost()
    {
        _ledger.Announce(1, ["a@x.test", "b@x.test"]);
        _ledger.Acknowledge(1, "id1");
        _ledger.Take(Mail(1, "a@x.test"));

        Assert.That(LedgerSummary.Of(_ledger).Lost, Is.EqualTo(1));
    }

    [Test]
    public void What_was_never_answered_is_unknown_and_not_lost()
    {
        _ledger.Announce(1, ["a@x.test"]);
        _ledger.LoseTouch(1);

        var summary = LedgerSummary.Of(_ledger);
        Assert.That((summary.Unknown, summary.Lost, summary.Accepted), Is.EqualTo((1, 0, 0)));
    }

    [Test]
    public void A_second_delivery_is_a_duplicate()
    {
        _ledger.Announce(1, ["a@x.test"]);
        _ledger.Acknowledge(1, "id1");
        _ledger.Take(Mail(1, "a@x.test"));
        _ledger.Take(Mail(1, "a@x.test"));

        Assert.That(LedgerSummary.Of(_ledger).Duplicates, Is.EqualTo(1));
        Assert.That(_ledger.Counts, Is.EqualTo(new LedgerCounts(1, 1, 2, 0, 0, 0)));
    }

    [TestCase(1, "somebody.else@x.test", TestName = "A recipient nobody named")]
    [TestCase(0, "a@x.test", TestName = "A message without a number")]
    public void Mail_nobody_submitted_is_strange(long number, string recipient)
    {
        _ledger.Announce(1, ["a@x.test"]);
        _ledger.Take(Mail(number, recipient));

        Assert.That(LedgerSummary.Of(_ledger).Strangers, Is.EqualTo(1));
    }

    [Test]
    public void Deferred_then_delivered_is_counted_once_with_its_own_latency()
    {
        _ledger.Announce(1, ["a@x.test"]);
        _ledger.Acknowledge(1, "id1");
        _ledger.Defer("a@x.test");
        _ledger.Defer("a@x.test");
        _clock.Move(TimeSpan.FromSeconds(3));
        _ledger.Take(Mail(1, "a@x.test"));

        var summary = LedgerSummary.Of(_ledger);
        Assert.That(summary.DeferredThenDelivered, Is.EqualTo(1));
        Assert.That((summary.DeferredLatency.P50, summary.DeliveryLatency.P50), Is.EqualTo((3_000, 0)));
    }

    [Test]
    public void Verdicts_on_signatures_are_counted()
    {
        _ledger.Verify(1, passed: true);
        _ledger.Verify(2, passed: false);

        var summary = LedgerSummary.Of(_ledger);
        Assert.That((summary.SignaturesVerified, summary.SignaturesFailed), Is.EqualTo((1, 1)));
    }

    [Test, CancelAfter(30_000)]
    public async Task Those_who_wait_are_told(CancellationToken guard)
    {
        var settled = _ledger.WhenAsync(1, static story => story.IsSettled, guard);
        var counted = _ledger.WhenAsync(static counts => counts.Delivered == 2, guard);
        _ledger.Announce(1, ["a@x.test"]);
        _ledger.Acknowledge(1, "id1");
        Assert.That(settled.IsCompleted, Is.False);

        _ledger.Take(Mail(1, "a@x.test"));
        await settled;
        Assert.That(counted.IsCompleted, Is.False);

        _ledger.Take(Mail(2, "b@x.test"));
        await counted;
        await _ledger.WhenAsync(1, static story => story.IsDelivered, guard);
    }

    [Test, CancelAfter(30_000)]
    public async Task No_signal_is_missed_under_load(CancellationToken guard)
    {
        const int Count = 2_000;
        var waits = Enumerable.Range(1, Count / 100).Select(part => _ledger.WhenAsync(counts => counts.Delivered >= part * 100, guard)).ToArray();

        await Parallel.ForEachAsync(Enumerable.Range(1, Count), guard, (number, _) =>
        {
            _ledger.Take(Mail(number, $"{number}@x.test"));
            return ValueTask.CompletedTask;
        });

        await Task.WhenAll(waits);
        Assert.That(_ledger.Counts.Delivered, Is.EqualTo(Count));
    }

    [Test]
    public async Task A_wait_can_be_given_up()
    {
        using var stop = new CancellationTokenSource();
        var wait = _ledger.SettledAsync(stop.Token);
        Assert.That(wait.IsCompleted, Is.True, "nothing is open");

        _ledger.Announce(1, ["a@x.test"]);
        _ledger.Acknowledge(1, "id1");
        wait = _ledger.SettledAsync(stop.Token);
        await stop.CancelAsync();

        await Assert.ThatAsync(() => wait, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void A_file_read_back_gives_the_same_account()
    {
        var path = Path.Join(TestContext.CurrentContext.WorkDirectory, $"ledger-{Guid.NewGuid():N}");
        try
        {
            using (var file = new LedgerFile(path))
            {
                var ledger = new Ledger(_clock, file);
                ledger.Announce(1, ["a@x.test", "b@x.test"]);
                ledger.Acknowledge(1, "id1");
                ledger.Defer("a@x.test");
                var mail = Mail(1, "a@x.test");
                ledger.Take(mail);
                ledger.Answer(mail);
                ledger.Refuse("b@x.test");
                ledger.Announce(2, ["c@x.test"]);
                ledger.LoseTouch(2);
                ledger.Announce(2, ["c@x.test"]);
                ledger.Verify(1, passed: true);
            }

            File.AppendAllText(path, "A 2 6389");
            var replayed = Ledger.Replay(LedgerFile.Read(path));

            var summary = LedgerSummary.Of(replayed);
            Assert.That((summary.Accepted, summary.Delivered, summary.Bounced, summary.DeferredThenDelivered, summary.Unknown, summary.SignaturesVerified), Is.EqualTo((1, 1, 1, 1, 1, 1)));
            Assert.That(replayed.Read(2, static story => story.Submissions), Is.EqualTo(2));
            Assert.That(replayed.Read(1, static story => story.Recipients[0].Deliveries[0]), Has.Property("AnsweredAt").EqualTo(_clock.GetUtcNow()).And.Property("EngineId").EqualTo("id"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [TestCase("")]
    [TestCase("A 1 2 -")]
    [TestCase("X 1 2 - -")]
    [TestCase("A one 2 - -")]
    [TestCase("A 1 99999999999999999999 - -")]
    [TestCase("A 1 9223372036854775807 - -")]
    [TestCase(" 1 2 - -")]
    public void A_line_that_is_none_is_passed_over(string line) => Assert.That(LedgerEntry.TryParse(line, out _), Is.False);

    [Test]
    public void Percentiles_are_those_of_the_nearest_rank()
    {
        var times = Latencies.Of(Enumerable.Range(1, 100).Reverse().Select(static ms => TimeSpan.FromMilliseconds(ms)));

        Assert.That(times, Is.EqualTo(new Latencies(50, 95, 99, 100)));
        Assert.That(Latencies.Of([]), Is.EqualTo(new Latencies(0, 0, 0, 0)));
    }

    private static Reception Mail(long number, string recipient) => new(number, "id", "s@demo.test", [recipient], "1.3", IPAddress.Loopback, default);
}
