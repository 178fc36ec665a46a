using Engine.Mail;
using Engine.Queue;

namespace Engine.Tests.Queue;

[CancelAfter(30_000)]
internal sealed class OperatorTests
{
    [TestCase("domain one.example", ExpectedResult = 2)]
    [TestCase("domain .example", ExpectedResult = 4)]
    [TestCase("domain example", ExpectedResult = 0)]
    [TestCase("to a@one.example", ExpectedResult = 1)]
    [TestCase("to A@ONE.example", ExpectedResult = 1)]
    [TestCase("to @two.example", ExpectedResult = 2)]
    [TestCase("from news@sender.example", ExpectedResult = 3)]
    [TestCase("from @sender.example", ExpectedResult = 3)]
    [TestCase("from <>", ExpectedResult = 1)]
    [TestCase("account acme", ExpectedResult = 3)]
    [TestCase("account other", ExpectedResult = 1)]
    [TestCase("class transactional", ExpectedResult = 1)]
    [TestCase("campaign spring", ExpectedResult = 1)]
    [TestCase("state ready", ExpectedResult = 3)]
    [TestCase("state waiting", ExpectedResult = 1)]
    [TestCase("category rate", ExpectedResult = 1)]
    [TestCase("older", ExpectedResult = 1)]
    [TestCase("newer", ExpectedResult = 3)]
    [TestCase("limit", ExpectedResult = 2)]
    [TestCase("all", ExpectedResult = 4)]
    public async Task<int> A_selector_finds(string selector)
    {
        using var folder = new QueueFolder();
        await using var queue = await folder.OpenAsync();
        await FillAsync(queue);
        return await queue.Operators.FindAsync(Selector(selector), CancellationToken.None).CountAsync();
    }

    [Test]
    public async Task A_view_names_addresses_and_the_last_reply(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await using var queue = await folder.OpenAsync();
        await FillAsync(queue);
        folder.Clock.Advance(GroupCommit.SettleDelay);
        await queue.AcceptAsync(Letters.Message(queue.Ids.Next(), "z@last.example"), stop);
        var view = await queue.Operators.FindAsync(Selector("category rate"), stop).SingleAsync(stop);
        Assert.That((view.Sender, view.Address, view.Recipient.Attempts), Is.EqualTo(("news@sender.example", "a@one.example", 1)));
        Assert.That(view.Last!.Value.Deferral.Text, Is.EqualTo("slow down"));
    }

    [Test]
    public async Task Recipients_are_counted_by_what_is_asked()
    {
        using var folder = new QueueFolder();
        await using var queue = await folder.OpenAsync();
        await FillAsync(queue);
        Assert.That(queue.Census.CountBy(QueueDimension.Domain), Is.EqualTo(new KeyValuePair<string, long>[] { new("one.example", 2), new("two.example", 2) }));
        Assert.That(queue.Census.CountBy(QueueDimension.Account), Is.EqualTo(new KeyValuePair<string, long>[] { new("acme", 3), new("other", 1) }));
        Assert.That(queue.Census.CountBy(QueueDimension.State), Is.EqualTo(new KeyValuePair<string, long>[] { new("ready", 3), new("deferred", 1) }));
        Assert.That(queue.Census.CountBy(QueueDimension.Category), Is.EqualTo(new KeyValuePair<string, long>[] { new("", 3), new("rate", 1) }));
        Assert.That(queue.Census.Oldest(StreamClass.Marketing), Is.EqualTo(Letters.Noon.AddHours(-2)));
        Assert.That(queue.Census.Oldest(StreamClass.Transactional), Is.EqualTo(Letters.Noon));
    }

    [Test]
    public async Task Held_mail_is_not_begun_and_goes_on_once_when_released(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await using var queue = await folder.OpenAsync();
        await queue.AcceptAsync(Letters.Message(queue.Ids.Next(), "a@one.example"), stop);
        var slot = await queue.Due.ReadAsync(stop);
        Assert.That((await queue.Operators.HoldAsync(RecipientSelector.All, stop)).Count, Is.EqualTo(1));
        Assert.That((await queue.Operators.HoldAsync(RecipientSelector.All, stop)).Count, Is.Zero);
        Assert.That(queue.Counts.Held, Is.EqualTo(1));
        Assert.That(queue.TryBegin(slot), Is.False);
        Assert.That((await queue.Operators.ReleaseAsync(RecipientSelector.All, stop)).Count, Is.EqualTo(1));
        Assert.That(queue.Due.TryRead(out var again), Is.True);
        Assert.That(queue.TryBegin(again), Is.True);

        (await queue.Operators.HoldAsync(RecipientSelector.All, stop)).Dispose();
        Assert.That(queue.Look(again).State, Is.EqualTo(RecipientState.InFlight), "a running attempt is not cut");
        queue.PutBack(again, Letters.Noon);
        Assert.That(queue.Look(again).State, Is.EqualTo(RecipientState.Held));
    }

    [Test]
    public async Task Mail_held_and_released_while_its_number_is_out_goes_out_once(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await using var queue = await folder.OpenAsync();
        await queue.AcceptAsync(Letters.Message(queue.Ids.Next(), "a@one.example"), stop);
        var slot = await queue.Due.ReadAsync(stop);
        (await queue.Operators.HoldAsync(RecipientSelector.All, stop)).Dispose();
        (await queue.Operators.ReleaseAsync(RecipientSelector.All, stop)).Dispose();
        Assert.That(queue.Due.TryRead(out _), Is.False);
        Assert.That(queue.TryBegin(slot), Is.True);
    }

    [TestCase(true, EndKind.Cancelled)]
    [TestCase(false, EndKind.Bounced)]
    public async Task Mail_in_flight_ends_when_the_attempt_comes_back_without_a_delivery(bool cancel, EndKind end, CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await using var queue = await folder.OpenAsync();
        var ends = new List<LateEnd>();
        queue.EndedLate += ends.Add;
        var letter = Letters.Message(queue.Ids.Next(), "a@one.example", "b@one.example");
        await queue.AcceptAsync(letter, stop);
        var (first, second) = (await queue.Due.ReadAsync(stop), await queue.Due.ReadAsync(stop));
        Assert.That(queue.TryBegin(first) && queue.TryBegin(second), Is.True);
        using var affected = await (cancel ? queue.Operators.CancelAsync(RecipientSelector.All, stop) : queue.Operators.FailAsync(RecipientSelector.All, stop));
        Assert.That(affected.Recipients.Select(static one => one.IsLater), Is.EqualTo(new[] { true, true }));
        Assert.That(queue.Counts.InFlight, Is.EqualTo(2));
        queue.Defer(first, new Deferral(Letters.Noon.AddMinutes(1), new Category("rate"), 421, default, "", false));
        Assert.That(ends, Is.EqualTo(new[] { new LateEnd(letter.Envelope.Id, 0, end) }));
        var settled = queue.SettleAsync(second, EndKind.Delivered, 250).AsTask();
        folder.Clock.Advance(GroupCommit.SettleDelay);
        Assert.That(await settled, Is.True, "a delivery that happened is told as one");
        Assert.That((ends.Count, queue.Counts.Queued), Is.EqualTo((1, 0L)));
    }

    [Test]
    public async Task Deferred_mail_is_due_at_once_when_an_operator_says_so(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await using var queue = await folder.OpenAsync();
        await FillAsync(queue);
        using var retried = await queue.Operators.RetryNowAsync(RecipientSelector.All, stop);
        Assert.That(retried.Count, Is.EqualTo(1));
        Assert.That(queue.Counts, Is.EqualTo(new QueueCounts(4, 4, 0, 0, 0, 0)));
    }

    [Test]
    public void A_selector_that_asks_for_nothing_knows_it()
    {
        Assert.That(RecipientSelector.All.IsEmpty, Is.True);
        Assert.That((RecipientSelector.All with { Limit = 3 }).IsEmpty, Is.True);
        Assert.That(Selector("domain one.example").IsEmpty, Is.False);
    }

    private static RecipientSelector Selector(string text) => text.Split(' ') switch
    {
        ["domain", var value] => new RecipientSelector { Domain = value },
        ["to", var value] => new RecipientSelector { To = value },
        ["from", var value] => new RecipientSelector { From = value },
        ["account", var value] => new RecipientSelector { Account = value },
        ["class", _] => new RecipientSelector { Class = StreamClass.Transactional },
        ["campaign", var value] => new RecipientSelector { Campaign = value },
        ["state", "ready"] => new RecipientSelector { State = RecipientState.Ready },
        ["state", _] => new RecipientSelector { State = RecipientState.Waiting },
        ["category", var value] => new RecipientSelector { Category = new Category(value) },
        ["older"] => new RecipientSelector { Older = Letters.Noon.AddHours(-1) },
        ["newer"] => new RecipientSelector { Newer = Letters.Noon.AddHours(-1) },
        ["limit"] => new RecipientSelector { Limit = 2 },
        _ => RecipientSelector.All,
    };

    // Four recipients; the first is deferred.
    private static async Task FillAsync(MailQueue queue)
    {
        await queue.AcceptAsync(Letters.Message(Letters.Envelope(queue.Ids.Next(), "a@one.example") with { Accepted = Letters.Noon.AddHours(-2) }), default);
        var slot = await queue.Due.ReadAsync();
        queue.TryBegin(slot);
        queue.Defer(slot, new Deferral(Letters.Noon.AddMinutes(7), new Category("rate"), 421, new EnhancedCode(4, 7, 28), "slow down", IsUncertain: false));
        await queue.AcceptAsync(Letters.Message(Letters.Envelope(queue.Ids.Next(), "b@one.example", "c@two.example") with { Campaign = "" }), default);
        await queue.AcceptAsync(
            Letters.Message(Letters.Envelope(queue.Ids.Next(), "d@two.example") with { Sender = default, Account = "other", Class = StreamClass.Transactional, Campaign = "spring" }), default);
    }
}
