using Engine.Feedback.Reports;
using Engine.Mail;
using Engine.Queue;
using Engine.Tests.Queue;

namespace Engine.Tests.Feedback.Reports;

[CancelAfter(30_000)]
internal sealed class QueuedBouncesTests
{
    [Test]
    public async Task A_recipient_that_waits_ends_and_its_sender_is_known(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await using var queue = await folder.OpenAsync();
        var id = queue.Ids.Next();
        await queue.AcceptAsync(Letters.Message(id, "a@one.example", "b@two.example"), stop);
        var told = new List<string>();
        var bounces = Bounces(queue, told, folder.Clock);
        await bounces.EndAsync(Token(id, "b@two.example"), ReportRig.Bounce("b@two.example"), stop);
        await bounces.EndAsync(Token(id, "b@two.example"), ReportRig.Bounce("b@two.example"), stop);

        Assert.That(told, Is.EqualTo(new[] { "1 b@two.example from news@sender.example: 550 550 5.1.1 no such user (Bounced 5.1.1)" }));
        var left = await queue.Operators.FindAsync(RecipientSelector.All, stop).ToListAsync(stop);
        Assert.That(left.Select(view => view.Address), Is.EqualTo(new[] { "a@one.example" }));
    }

    [Test]
    public async Task Others_and_messages_that_are_gone_are_let_be(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await using var queue = await folder.OpenAsync();
        var id = queue.Ids.Next();
        await queue.AcceptAsync(Letters.Message(id, "a@one.example"), stop);
        var told = new List<string>();
        var bounces = Bounces(queue, told, folder.Clock);
        await bounces.EndAsync(Token(id, "b@two.example"), ReportRig.Bounce("b@two.example"), stop);
        await bounces.EndAsync(Token(queue.Ids.Next(), "a@one.example"), ReportRig.Bounce("a@one.example"), stop);

        Assert.That((told.Count, queue.Operators.SlotsOf(id).Count), Is.EqualTo((0, 1)));
    }

    [Test]
    public async Task One_that_is_being_sent_ends_when_its_attempt_returns(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await using var queue = await folder.OpenAsync();
        var id = queue.Ids.Next();
        await queue.AcceptAsync(Letters.Message(id, "a@one.example"), stop);
        var slot = await queue.Due.ReadAsync(stop);
        Assert.That(queue.TryBegin(slot), Is.True);
        var told = new List<string>();
        await Bounces(queue, told, folder.Clock).EndAsync(Token(id, "a@one.example"), ReportRig.Bounce("a@one.example"), stop);
        Assert.That(told, Is.Empty, "the queue tells of it when it has ended");

        queue.PutBack(slot, folder.Clock.GetUtcNow());
        Assert.That(queue.Operators.SlotsOf(id), Is.Empty);
    }

    private static QueuedBounces Bounces(MailQueue queue, List<string> told, TimeProvider clock) => new(
        queue,
        new SuppressionsInMemory(),
        (envelope, index, outcome, line) => told.Add($"{index} {envelope.Recipients[index].Address} from {envelope.Sender}: {outcome.Text} ({line.Kind} {outcome.Enhanced})"),
        clock);

    private static ReturnToken Token(MessageId id, string recipient) => new(TokenPurpose.Bounce, id, SuppressionsInMemory.Digest(recipient), default, 300);
}
