using System.Buffers;
using System.Text;
using Engine.Mail;
using Engine.Queue;

namespace Engine.Tests.Queue;

[CancelAfter(30_000)]
internal sealed class MailQueueTests
{
    private static readonly Deferral Greylisted = new(
        Letters.Noon.AddMinutes(5), new Category("greylist"), 451, new EnhancedCode(4, 7, 1), "try again later", IsUncertain: false);

    [Test]
    public async Task A_message_is_accepted_read_and_settled(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await using var queue = await folder.OpenAsync();
        var letter = Letters.Message(queue.Ids.Next(), "a@one.example", "b@two.example");
        await queue.AcceptAsync(letter, stop);

        var first = await queue.Due.ReadAsync(stop);
        var second = await queue.Due.ReadAsync(stop);
        Assert.That(queue.Counts, Is.EqualTo(new QueueCounts(2, 2, 0, 0, 0, 0)));
        Assert.That(queue.TryBegin(first), Is.True);
        Assert.That(queue.TryBegin(first), Is.False);
        var known = queue.Look(first);
        Assert.That((known.Id, known.Index, known.State, known.Accepted), Is.EqualTo((letter.Envelope.Id, 0, RecipientState.InFlight, Letters.Noon)));
        Assert.That(queue.DomainOf(queue.Look(second).Domain).Name, Is.EqualTo("two.example"));
        Assert.That(queue.FlowOf(known.Flow), Is.EqualTo(new Flow(StreamClass.Marketing, "acme", "news", "", DomainName.Parse("sender.example"), "")));
        using (var stored = await queue.ReadAsync(first, stop))
        {
            Assert.That(Encoding.ASCII.GetString(stored.AddressOf(1).Span), Is.EqualTo("b@two.example"));
            Assert.That(stored.Head(0).ToArray(), Is.EqualTo(letter.Heads[0].Octets.ToArray()));
            Assert.That(stored.Content.ToArray(), Is.EqualTo(letter.Content.ToArray()));
        }

        var settled = queue.SettleAsync(first, EndKind.Delivered, 250).AsTask();
        Assert.That(queue.Counts.Queued, Is.EqualTo(1));
        folder.Clock.Advance(TimeSpan.FromMilliseconds(20));
        Assert.That(await settled, Is.True);
        Assert.That(await queue.SettleAsync(first, EndKind.Delivered, 250), Is.False);
    }

    [Test]
    public async Task A_deferred_recipient_is_due_again_at_its_time_and_not_before(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await using var queue = await folder.OpenAsync();
        await queue.AcceptAsync(Letters.Message(queue.Ids.Next(), "a@one.example"), stop);
        var slot = await queue.Due.ReadAsync(stop);
        queue.TryBegin(slot);
        queue.Defer(slot, Greylisted with { IsUncertain = true });

        folder.Clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromMilliseconds(1));
        Assert.That(queue.Due.TryRead(out _), Is.False);
        Assert.That(queue.Counts, Is.EqualTo(new QueueCounts(1, 0, 1, 0, 0, 0)));
        folder.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That(queue.Due.TryRead(out var again), Is.True);
        var known = queue.Look(again);
        Assert.That((known.Attempts, known.Category.Id, known.IsUncertain, known.State), Is.EqualTo((1, "greylist", true, RecipientState.Ready)));
    }

    [Test]
    public async Task Being_told_to_slow_down_is_no_attempt_and_is_remembered(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        var queue = await folder.OpenAsync();
        await queue.AcceptAsync(Letters.Message(queue.Ids.Next(), "a@one.example"), stop);
        var slot = await queue.Due.ReadAsync(stop);
        queue.TryBegin(slot);
        queue.Defer(slot, Greylisted with { Category = new Category("rate"), IsUncounted = true });
        Assert.That((queue.Look(slot).Attempts, queue.Look(slot).Category.Id), Is.EqualTo((0, "rate")));

        await queue.DisposeAsync();
        await using var again = await folder.OpenAsync();
        folder.Clock.Advance(TimeSpan.FromMinutes(5));
        var known = again.Look(await again.Due.ReadAsync(stop));
        Assert.That((known.Attempts, known.Category.Id), Is.EqualTo((0, "rate")));
    }

    [Test]
    public async Task A_scheduled_message_waits_for_its_time(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await using var queue = await folder.OpenAsync();
        var envelope = Letters.Envelope(queue.Ids.Next(), "a@one.example") with { NotBefore = Letters.Noon.AddDays(3).AddMilliseconds(1) };
        await queue.AcceptAsync(Letters.Message(envelope), stop);

        Assert.That(queue.Counts.Scheduled, Is.EqualTo(1));
        folder.Clock.Advance(TimeSpan.FromDays(3).Add(TimeSpan.FromMilliseconds(999)));
        Assert.That(queue.Due.TryRead(out _), Is.False);
        folder.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That(queue.Due.TryRead(out _), Is.True);
    }

    [Test]
    public async Task Putting_back_counts_no_attempt_and_writes_nothing(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await using var queue = await folder.OpenAsync();
        await queue.AcceptAsync(Letters.Message(queue.Ids.Next(), "a@one.example"), stop);
        var slot = await queue.Due.ReadAsync(stop);
        queue.PutBack(slot, Letters.Noon.AddSeconds(10));
        Assert.That((queue.Look(slot).State, queue.Look(slot).Attempts), Is.EqualTo((RecipientState.Waiting, 0)));
        Assert.That(folder.Clock.NextTimer, Is.EqualTo(Letters.Noon.AddSeconds(10)));
        folder.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.That(queue.Due.TryRead(out var again), Is.True);
        Assert.That(queue.TryBegin(again), Is.True);
        queue.PutBack(again, Letters.Noon);
        Assert.That(queue.Due.TryRead(out _), Is.True, "what is due already is ready at once");
    }

    [Test]
    public async Task A_slot_that_is_out_is_not_given_to_another_until_it_came_back(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await using var queue = await folder.OpenAsync();
        await queue.AcceptAsync(Letters.Message(queue.Ids.Next(), "a@one.example"), stop);
        var slot = await queue.Due.ReadAsync(stop);
        using (var cancelled = await queue.Operators.CancelAsync(RecipientSelector.All, stop))
        {
            Assert.That(cancelled.Count, Is.EqualTo(1));
            Assert.That(cancelled.EnvelopeOf(cancelled.Recipients.First()).Recipients[0].Address.ToString(), Is.EqualTo("a@one.example"));
        }

        await queue.AcceptAsync(Letters.Message(queue.Ids.Next(), "b@two.example"), stop);
        Assert.That(await queue.Due.ReadAsync(stop), Is.Not.EqualTo(slot));
        Assert.That(queue.Look(slot).State, Is.EqualTo(RecipientState.None));
        Assert.That(queue.TryBegin(slot), Is.False);
        await queue.AcceptAsync(Letters.Message(queue.Ids.Next(), "c@three.example"), stop);
        Assert.That(await queue.Due.ReadAsync(stop), Is.EqualTo(slot), "now it may be used again");
    }

    [Test]
    public async Task A_large_message_with_many_recipients_and_heads_goes_in_and_out_whole(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        var id = new MessageIdSource(1, folder.Clock).Next();
        var addresses = Enumerable.Range(0, 20_000).Select(static number => $"person{number}@domain{number % 500}.example").ToArray();
        var envelope = Letters.Envelope(id, addresses);
        envelope = envelope with { Recipients = [.. envelope.Recipients.Select(static (recipient, index) => recipient with { Head = (ushort)(index % 40) })] };
        var heads = Enumerable.Range(0, 40).Select(static number => Letters.Head($"X-Head: {new string('h', 6_000)}{number}", new DkimIdentity("d.example", $"s{number}"))).ToArray();
        var content = Letters.Octets(5 << 20);
        await using (var queue = await folder.OpenAsync())
        {
            await queue.AcceptAsync(new NewMessage(envelope, heads, new ReadOnlySequence<byte>(content)), stop);
            await CheckAsync(queue);
            Assert.That(queue.Census.Bytes, Is.EqualTo(content.Length + heads.Sum(static head => head.Octets.Length)));
        }

        await using var again = await folder.OpenAsync();
        Assert.That(again.Counts.Ready, Is.EqualTo(20_000));
        await CheckAsync(again);

        async Task CheckAsync(MailQueue queue)
        {
            var slot = queue.Operators.SlotsOf(id)[19_999];
            Assert.That(queue.TryBegin(slot), Is.True);
            using var stored = await queue.ReadAsync(slot, stop);
            Assert.That(Encoding.ASCII.GetString(stored.AddressOf(19_999).Span), Is.EqualTo("person19999@domain499.example"));
            Assert.That(stored.HeadOf(19_999), Is.EqualTo(39));
            Assert.That(stored.Head(39).ToArray(), Is.EqualTo(heads[39].Octets.ToArray()));
            Assert.That(stored.HeadDetails(39).Signatures, Is.EqualTo(heads[39].Signatures));
            Assert.That(stored.Content.Pieces?.Count, Is.GreaterThan(1));
            Assert.That(stored.Content.ToArray().AsSpan().SequenceEqual(content), Is.True);
        }
    }

    [Test]
    public async Task A_head_written_anew_goes_out_and_survives(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        var id = new MessageIdSource(1, folder.Clock).Next();
        var fresh = Letters.Head("Subject: new", new DkimIdentity("d.example", "s2"));
        await using (var queue = await folder.OpenAsync())
        {
            await queue.AcceptAsync(Letters.Message(id, "a@one.example"), stop);
            var rewritten = queue.RewriteHeadAsync(id, 0, fresh).AsTask();
            folder.Clock.Advance(TimeSpan.FromMilliseconds(20));
            Assert.That(await rewritten, Is.True);
            Assert.That(await queue.RewriteHeadAsync(default, 0, fresh), Is.False);
            await CheckAsync(queue);
        }

        await using var again = await folder.OpenAsync();
        await CheckAsync(again);

        async Task CheckAsync(MailQueue queue)
        {
            using var stored = await queue.ReadAsync(queue.Operators.SlotsOf(id)[0], stop);
            Assert.That(stored.Head(0).ToArray(), Is.EqualTo(fresh.Octets.ToArray()));
            Assert.That(stored.HeadDetails(0).Signatures, Is.EqualTo(fresh.Signatures));
            Assert.That(stored.HeadDetails(0).BodyHash.Length, Is.EqualTo(32));
        }
    }

    [Test]
    public async Task A_notice_known_by_its_id_is_taken_once_also_after_it_ended_and_after_a_restart(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        var notice = Letters.Message(Letters.Envelope(new MessageId(77), "a@one.example") with { IsNotice = true, Sender = default });
        await using (var queue = await folder.OpenAsync())
        {
            await Task.WhenAll(queue.AcceptAsync(notice, stop).AsTask(), queue.AcceptAsync(notice, stop).AsTask());
            Assert.That(queue.Counts.Queued, Is.EqualTo(1));
            var slot = await queue.Due.ReadAsync(stop);
            queue.TryBegin(slot);
            var settled = queue.SettleAsync(slot, EndKind.Delivered, 250).AsTask();
            folder.Clock.Advance(TimeSpan.FromSeconds(1));
            await settled;
            await queue.AcceptAsync(notice, stop);
            Assert.That(queue.Counts.Queued, Is.Zero);
        }

        await using var again = await folder.OpenAsync();
        await again.AcceptAsync(notice, stop);
        Assert.That(again.Counts.Queued, Is.Zero);
    }

    [Test]
    public async Task Ids_grow_over_a_restart_though_the_clock_stands_still(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        MessageId last;
        await using (var queue = await folder.OpenAsync())
        {
            last = queue.Ids.Next();
            await queue.AcceptAsync(Letters.Message(last, "a@one.example"), stop);
        }

        await using var again = await folder.OpenAsync();
        Assert.That(again.Ids.Next(), Is.GreaterThan(last));
    }
}
