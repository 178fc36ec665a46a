using Engine.Mail;
using Engine.Queue;

namespace Engine.Tests.Queue;

/// <summary>Orders for many at once.</summary>
[CancelAfter(60_000)]
internal sealed class BulkOrderTests
{
    private static readonly RecipientSelector Winter = new() { Campaign = "winter" };

    private static readonly Deferral Later = new(Letters.Noon.AddHours(1), new Category("rate"), 451, default, "slow down", false);

    [Test]
    public async Task Whom_it_ends_is_gone_at_once_and_after_a_restart(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await using (var queue = await folder.OpenAsync())
        {
            await FillAsync(queue, 50, stop);
            var ready = await queue.Due.ReadAsync(stop);
            var change = await queue.Orders.GiveAsync(new BulkOrder(BulkAction.Cancel, Winter));
            Assert.That(queue.TryBegin(ready), Is.False);
            Assert.That(await queue.Operators.CountAsync(Winter, stop), Is.Zero);
            using var affected = await change.WaitAsync();
            Assert.That(affected.Count, Is.EqualTo(50));
            Assert.That(affected.Recipients.Select(one => affected.EnvelopeOf(one).Campaign), Is.All.EqualTo("winter"));
            Assert.That(queue.Counts.Queued, Is.EqualTo(50));
            await FillAsync(queue, 3, stop);
            Assert.That(await queue.Operators.CountAsync(Winter, stop), Is.EqualTo(3), "later mail is not meant");
        }

        await using var again = await folder.OpenAsync();
        Assert.That(again.Counts.Queued, Is.EqualTo(56));
        Assert.That(await again.Operators.CountAsync(Winter, stop), Is.EqualTo(3));
    }

    [Test]
    public async Task Who_is_in_flight_is_ended_when_the_attempt_returns_without_a_delivery(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await using var queue = await folder.OpenAsync();
        var ended = new List<LateEnd>();
        queue.EndedLate += ended.Add;
        await FillAsync(queue, 2, stop);
        var slots = new List<int>();
        while (queue.Due.TryRead(out var slot))
        {
            Assert.That(queue.TryBegin(slot), Is.True);
            slots.Add(slot);
        }

        using (await (await queue.Orders.GiveAsync(new BulkOrder(BulkAction.Fail, RecipientSelector.All))).WaitAsync())
        {
            Assert.That(queue.Counts.InFlight, Is.EqualTo(4));
            Assert.That(queue.Defer(slots[0], Later), Is.False);
            Assert.That(ended.Select(static one => one.End), Is.EqualTo([EndKind.Bounced]));
            var settled = slots.Skip(1).Select(slot => queue.SettleAsync(slot, EndKind.Delivered, 250).AsTask()).ToArray();
            folder.Clock.Advance(GroupCommit.SettleDelay);
            Assert.That(await Task.WhenAll(settled), Is.All.True);
        }

        Assert.That(queue.Counts.Queued, Is.Zero);
    }

    [Test]
    public async Task Held_and_released_in_one_record_each(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await using (var queue = await folder.OpenAsync())
        {
            await FillAsync(queue, 20, stop);
            using (await GiveAsync(queue, BulkAction.Hold, Winter))
            {
                Assert.That(queue.Counts, Is.EqualTo(new QueueCounts(40, 20, 0, 20, 0, 0)));
            }
        }

        await using (var again = await folder.OpenAsync())
        {
            Assert.That(again.Counts.Held, Is.EqualTo(20));
            using (await GiveAsync(again, BulkAction.Release, new RecipientSelector { Account = "acme" }))
            {
                Assert.That(again.Counts, Is.EqualTo(new QueueCounts(40, 40, 0, 0, 0, 0)));
            }

            var seen = new HashSet<int>();
            while (again.Due.TryRead(out var slot))
            {
                Assert.That(seen.Add(slot) && again.TryBegin(slot), Is.True);
            }

            Assert.That(seen, Has.Count.EqualTo(40));
        }

        await using var last = await folder.OpenAsync();
        Assert.That(last.Counts.Held, Is.Zero);
    }

    [Test]
    public async Task Retried_now_and_given_up_now(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await using (var queue = await folder.OpenAsync())
        {
            await FillAsync(queue, 10, stop);
            while (queue.Due.TryRead(out var slot))
            {
                Assert.That(queue.TryBegin(slot) && queue.Defer(slot, Later), Is.True);
            }

            using (await GiveAsync(queue, BulkAction.Retry, Winter))
            {
                Assert.That(queue.Counts, Is.EqualTo(new QueueCounts(20, 10, 10, 0, 0, 0)));
            }

            using (await GiveAsync(queue, BulkAction.Expire, new RecipientSelector { Campaign = "summer" }))
            {
                Assert.That(queue.Counts.Ready, Is.EqualTo(20));
            }
        }

        await using var again = await folder.OpenAsync();
        Assert.That(again.Counts.Ready, Is.EqualTo(20));
        await foreach (var view in again.Operators.FindAsync(RecipientSelector.All, stop))
        {
            Assert.That(view.Recipient.GiveUp, Is.EqualTo(view.Flow.Campaign == "summer" ? view.Recipient.Accepted : (DateTimeOffset?)null));
            Assert.That(view.Recipient.Attempts, Is.EqualTo(1));
        }
    }

    [Test]
    public async Task Rerouted_even_when_it_stands_in_a_line_already(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await using (var queue = await folder.OpenAsync())
        {
            await FillAsync(queue, 5, stop);
            using (await GiveAsync(queue, BulkAction.Reroute, Winter, "cold"))
            {
            }

            var old = new List<int>();
            while (queue.Due.TryRead(out var slot))
            {
                old.Add(slot);
            }

            Assert.That(old.Where(queue.TryBegin).Select(slot => queue.FlowOf(queue.Look(slot).Flow).Campaign), Is.All.EqualTo("summer"));
            var anew = new List<int>();
            while (queue.Due.TryRead(out var slot))
            {
                anew.Add(slot);
            }

            Assert.That(anew.Where(queue.TryBegin).Select(slot => queue.FlowOf(queue.Look(slot).Flow).Pool), Is.EqualTo(Enumerable.Repeat("cold", 5)));
        }

        await using var again = await folder.OpenAsync();
        Assert.That(again.Census.CountBy(QueueDimension.Pool).ToDictionary()["cold"], Is.EqualTo(5));
    }

    [Test]
    public async Task A_release_leaves_those_that_wait_where_they_wait(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await using var queue = await folder.OpenAsync();
        await FillAsync(queue, 10, stop);
        while (queue.Due.TryRead(out var slot))
        {
            Assert.That(queue.TryBegin(slot) && queue.Defer(slot, Later), Is.True);
        }

        using (await GiveAsync(queue, BulkAction.Release, RecipientSelector.All))
        {
            folder.Clock.Advance(TimeSpan.FromHours(2));
        }

        var due = new List<int>();
        while (queue.Due.TryRead(out var slot))
        {
            due.Add(slot);
        }

        Assert.That((due.Count, due.Distinct().Count(), due.All(queue.TryBegin)), Is.EqualTo((20, 20, true)));
    }

    [Test]
    public async Task One_recipient_is_given_up_and_the_other_of_the_message_is_not(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await using (var queue = await folder.OpenAsync())
        {
            await queue.AcceptAsync(Letters.Message(queue.Ids.Next(), "a@one.example", "b@two.example"), stop);
            using (await GiveAsync(queue, BulkAction.Expire, new RecipientSelector { Domain = "one.example" }))
            {
                await CheckAsync(queue);
            }

            await queue.CompactAsync(stop);
        }

        await using var again = await folder.OpenAsync();
        await CheckAsync(again);

        async Task CheckAsync(MailQueue queue)
        {
            await foreach (var view in queue.Operators.FindAsync(RecipientSelector.All, stop))
            {
                Assert.That(view.Recipient.GiveUp, Is.EqualTo(view.Recipient.Index == 0 ? view.Recipient.Accepted : (DateTimeOffset?)null));
            }
        }
    }

    [Test]
    public async Task Mail_never_tried_has_no_category_after_a_restart_either(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await using (var queue = await folder.OpenAsync())
        {
            await FillAsync(queue, 1, stop);
            await queue.CompactAsync(stop);
        }

        await using var again = await folder.OpenAsync();
        Assert.That(await again.Operators.CountAsync(new RecipientSelector { Category = Category.Unknown }, stop), Is.Zero);
        Assert.That(await again.Operators.CountAsync(new RecipientSelector { Category = default(Category) }, stop), Is.EqualTo(2));
    }

    [TestCase(null, true)]
    [TestCase(RecipientState.Held, false)]
    [TestCase(RecipientState.Waiting, false)]
    [TestCase(RecipientState.Ready, false)]
    [TestCase(RecipientState.InFlight, false)]
    public void A_replay_must_be_able_to_tell_whom_it_means(RecipientState? state, bool can) =>
        Assert.That(BulkOrder.CanMark(new RecipientSelector { State = state }), Is.EqualTo(can));

    [Test]
    public void Selectors_that_read_envelopes_or_count_are_refused()
    {
        RecipientSelector[] refused = [new() { Ids = [] }, new() { Limit = 1 }, new() { Tried = true }, new() { From = "<>" }, new() { Category = new Category("rate") }, new() { Pool = "warm" }, new() { Exactly = new HashSet<(MessageId, ushort)>() }, new() { To = "a@one.example" }];
        Assert.That(refused.Where(BulkOrder.CanMark), Is.Empty);
    }

    [Test]
    public void What_is_written_is_what_is_read()
    {
        var order = new BulkOrder(
            BulkAction.Reroute,
            new RecipientSelector
            {
                To = "@one.example",
                Domain = ".two.example",
                Account = "acme",
                Stream = "news",
                Class = StreamClass.Marketing,
                Campaign = "winter",
                Older = Letters.Noon,
                Newer = Letters.Noon.AddDays(-1),
            },
            "cold");
        using var octets = new Engine.Queue.Frames.OctetWriter();
        order.Write(octets, Letters.Noon);
        Assert.That(BulkOrder.Read(octets.Written.Span).Order, Is.EqualTo(order));
    }

    private static async Task<AffectedRecipients> GiveAsync(MailQueue queue, BulkAction action, RecipientSelector selector, string pool = "") =>
        await (await queue.Orders.GiveAsync(new BulkOrder(action, selector, pool))).WaitAsync();

    // As many of each campaign.
    private static async Task FillAsync(MailQueue queue, int count, CancellationToken stop)
    {
        for (var message = 0; message < count * 2; message++)
        {
            var envelope = Letters.Envelope(queue.Ids.Next(), $"r{message}@one.example") with { Campaign = message % 2 == 0 ? "winter" : "summer" };
            await queue.AcceptAsync(Letters.Message(envelope), stop);
        }
    }
}
