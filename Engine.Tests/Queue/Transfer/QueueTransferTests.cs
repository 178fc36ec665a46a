using System.Buffers;
using Engine.Mail;
using Engine.Queue;
using Engine.Queue.Transfer;
using Engine.Tests.Queue.Spool;

namespace Engine.Tests.Queue.Transfer;

/// <summary>From one running queue to another.</summary>
[CancelAfter(60_000)]
internal sealed class QueueTransferTests
{
    private static readonly string Export = new('a', 32);

    [Test]
    public async Task Mail_arrives_as_it_was_but_for_its_attempts(CancellationToken stop)
    {
        using var from = new QueueFolder();
        var sample = await SampleSpool.FillAsync(from, stop);
        await using var old = await from.OpenAsync();
        var octets = await ExportAsync(old, RecipientSelector.All, hold: false, stop);
        using var to = new QueueFolder();
        await using var queue = await to.OpenAsync();
        var result = await ImportAsync(queue, to, octets, stop);
        Assert.That(result, Is.EqualTo(new ImportResult(sample.Living.Count, sample.Queued, 1, 0, result.Refused)));
        Assert.That(result.Refused, Is.Empty);
        Assert.That(queue.Counts.Queued, Is.EqualTo(old.Counts.Queued));
        foreach (var (id, sent) in sample.Living)
        {
            using var found = queue.Operators.Read(id)!;
            Assert.That(found.Content.ToArray().AsSpan().SequenceEqual(sent.Content.ToArray()), Is.True);
            var (left, right) = (sent.Envelope, found.Envelope);
            Assert.That(right with { Recipients = left.Recipients, Tags = left.Tags, NotBefore = left.NotBefore }, Is.EqualTo(left));
            Assert.That(right.Recipients.Select(static one => one with { Head = 0 }), Is.SubsetOf(left.Recipients.Select(static one => one with { Head = 0 })));
        }

        var views = await queue.Operators.FindAsync(RecipientSelector.All, stop).ToListAsync(stop);
        Assert.That(views.Select(static view => view.Recipient.Attempts), Is.All.Zero);
        Assert.That(views.Single(static view => view.Recipient.State is RecipientState.Held).Address, Is.EqualTo("one5@one.example"));
    }

    [Test]
    public async Task Heads_go_with_those_that_need_them(CancellationToken stop)
    {
        using var from = new QueueFolder();
        await using var old = await from.OpenAsync();
        var id = old.Ids.Next();
        await old.AcceptAsync(SampleSpool.Make(id, 0), stop);
        using (await old.Operators.CancelAsync(RecipientSelector.All with { To = "zwei0@zwei.example" }, stop))
        {
        }

        var octets = await ExportAsync(old, RecipientSelector.All, hold: false, stop);
        using var to = new QueueFolder();
        await using var queue = await to.OpenAsync();
        await ImportAsync(queue, to, octets, stop);
        using var message = queue.Operators.Read(id)!;
        Assert.That(message.Heads, Is.EqualTo(2));
        Assert.That(message.Envelope.Recipients.Select(one => (one.Address.ToString(), System.Text.Encoding.ASCII.GetString(message.Head(one.Head).Span))), Is.EqualTo(new[]
        {
            ("one0@one.example", "Subject: 0 0\r\n\r\n"),
            ("drei0@drei.example", "Subject: 0 2\r\n\r\n"),
        }));
        Assert.That(message.HeadDetails(1).Signatures, Is.EqualTo(new[] { new DkimIdentity("sender.example", "s1") }));
    }

    [Test]
    public async Task An_import_again_takes_nothing_even_when_the_mail_has_gone(CancellationToken stop)
    {
        using var from = new QueueFolder();
        await SampleSpool.FillAsync(from, stop);
        await using var old = await from.OpenAsync();
        var octets = await ExportAsync(old, RecipientSelector.All, hold: false, stop);
        using var to = new QueueFolder();
        await using var queue = await to.OpenAsync();
        var first = await ImportAsync(queue, to, octets, stop);
        Assert.That((await ImportAsync(queue, to, octets, stop)).Known, Is.EqualTo(first.Messages));
        using (await queue.Operators.CancelAsync(RecipientSelector.All, stop))
        {
        }

        var again = await ImportAsync(queue, to, octets, stop);
        Assert.That((again.Messages, again.Known), Is.EqualTo((0L, first.Messages)));
        Assert.That(queue.Counts.Queued, Is.Zero);
    }

    [Test]
    public async Task A_cut_file_takes_what_is_whole_and_the_whole_file_the_rest(CancellationToken stop)
    {
        using var from = new QueueFolder();
        var sample = await SampleSpool.FillAsync(from, stop);
        await using var old = await from.OpenAsync();
        var octets = await ExportAsync(old, RecipientSelector.All, hold: false, stop);
        using var to = new QueueFolder();
        await using var queue = await to.OpenAsync();
        await Assert.ThrowsAsync<TransferDamagedException>(() => ImportAsync(queue, to, octets[..(octets.Length / 2)], stop));
        var half = queue.Counts.Queued;
        Assert.That(half, Is.Positive.And.LessThan(sample.Queued));
        var rest = await ImportAsync(queue, to, octets, stop);
        Assert.That(rest.Known, Is.Positive);
        Assert.That(queue.Counts.Queued, Is.EqualTo(sample.Queued));
    }

    [Test]
    public async Task With_hold_nothing_in_the_file_is_sent_from_here_and_what_is_in_flight_is_left_out(CancellationToken stop)
    {
        using var from = new QueueFolder();
        await using var old = await from.OpenAsync();
        foreach (var name in new[] { "flying", "held", "plain" })
        {
            await old.AcceptAsync(Letters.Message(old.Ids.Next(), $"{name}@one.example"), stop);
        }

        using (await old.Operators.HoldAsync(RecipientSelector.All with { To = "held@one.example" }, stop))
        {
        }

        Assert.That(old.Due.TryRead(out var slot) && old.TryBegin(slot), Is.True);
        var found = await ReadAsync(await ExportAsync(old, RecipientSelector.All, hold: true, stop, inFlight: 1));
        Assert.That(found.Select(static message => (message.Envelope.Recipients[0].Address.ToString(), message.States[0].IsHeld)), Is.EqualTo(new[] { ("held@one.example", true), ("plain@one.example", false) }));
        Assert.That(old.Counts.Held, Is.EqualTo(2));
        Assert.That(old.Defer(slot, new Deferral(Letters.Noon.AddHours(1), Category.Unknown, 451, default, "later", false)), Is.True);
        Assert.That(old.Counts.Held, Is.EqualTo(3), "what came back is held too");
    }

    [Test]
    public async Task A_selector_takes_some_recipients_and_leaves_the_others(CancellationToken stop)
    {
        using var from = new QueueFolder();
        await SampleSpool.FillAsync(from, stop);
        await using var old = await from.OpenAsync();
        var found = await ReadAsync(await ExportAsync(old, RecipientSelector.All with { Domain = "zwei.example" }, hold: false, stop));
        Assert.That(found.SelectMany(static message => message.Envelope.Recipients).Select(static one => one.Address.Domain.Name), Is.All.EqualTo("zwei.example"));
        Assert.That(found.SelectMany(static message => message.States).Select(static state => state.Index), Is.All.EqualTo(1));
    }

    [Test]
    public async Task Everything_can_be_imported_held_and_a_released_recipient_goes(CancellationToken stop)
    {
        using var from = new QueueFolder();
        await SampleSpool.FillAsync(from, stop);
        await using var old = await from.OpenAsync();
        var octets = await ExportAsync(old, RecipientSelector.All, hold: false, stop);
        using var to = new QueueFolder();
        await using var queue = await to.OpenAsync();
        var result = await ImportAsync(queue, to, octets, stop, held: true);
        Assert.That(result.Held, Is.EqualTo(result.Recipients));
        Assert.That(queue.Counts.Held, Is.EqualTo(result.Recipients));
        Assert.That(queue.Due.TryRead(out _), Is.False, "nothing was ready between its accept and its hold");
        using (await queue.Operators.ReleaseAsync(RecipientSelector.All, stop))
        {
        }

        to.Clock.Advance(QueueImport.HoldMargin + TimeSpan.FromHours(2));
        Assert.That(queue.Counts.Ready, Is.EqualTo(result.Recipients));
    }

    [Test]
    public async Task A_message_that_is_refused_is_counted_by_reason_and_may_come_later(CancellationToken stop)
    {
        using var from = new QueueFolder();
        await SampleSpool.FillAsync(from, stop);
        await using var old = await from.OpenAsync();
        var octets = await ExportAsync(old, RecipientSelector.All, hold: false, stop);
        using var to = new QueueFolder();
        await using var queue = await to.OpenAsync();
        var refused = await ImportAsync(queue, to, octets, stop, refuse: static _ => "no such account");
        Assert.That(refused.Messages, Is.Zero);
        Assert.That(refused.Refused.Keys, Is.EqualTo(new[] { "no such account" }));
        Assert.That((await ImportAsync(queue, to, octets, stop)).Messages, Is.EqualTo(refused.Refused.Values.Single()));
    }

    [Test]
    public async Task Two_engines_with_one_node_number_do_not_swallow_each_others_mail(CancellationToken stop)
    {
        using var from = new QueueFolder();
        using var to = new QueueFolder();
        await using var old = await from.OpenAsync();
        await using var queue = await to.OpenAsync();
        var id = old.Ids.Next();
        Assert.That(queue.Ids.Next(), Is.EqualTo(id), "the clock stands still");
        await old.AcceptAsync(Letters.Message(Letters.Envelope(id, "a@one.example") with { HeaderMessageId = "old" }), stop);
        await queue.AcceptAsync(Letters.Message(Letters.Envelope(id, "b@one.example") with { HeaderMessageId = "new" }), stop);
        var octets = await ExportAsync(old, RecipientSelector.All, hold: false, stop);
        Assert.That((await ImportAsync(queue, to, octets, stop)).Messages, Is.EqualTo(1));
        Assert.That((await ImportAsync(queue, to, octets, stop)).Known, Is.EqualTo(1));
        var views = await queue.Operators.FindAsync(RecipientSelector.All, stop).ToListAsync(stop);
        Assert.That(views.Select(static view => view.Address), Is.EquivalentTo(new[] { "a@one.example", "b@one.example" }));
    }

    private static async Task<byte[]> ExportAsync(MailQueue queue, RecipientSelector selector, bool hold, CancellationToken stop, long inFlight = 0)
    {
        using var target = new MemoryStream();
        var writer = new TransferWriter(target, new TransferOrigin(Export, "old.example", Letters.Noon));
        var manifest = await new QueueExport(queue, hold).RunAsync(selector, writer, stop);
        Assert.That((manifest.InFlight, manifest.Unreadable), Is.EqualTo((inFlight, 0L)));
        return target.ToArray();
    }

    private static async Task<ImportResult> ImportAsync(
        MailQueue queue, QueueFolder folder, byte[] octets, CancellationToken stop, bool held = false, Func<Envelope, string?>? refuse = null)
    {
        using var source = new MemoryStream(octets);
        using var record = ImportRecord.Open(Path.Join(folder.Settings().Directory, "imports"), Export, TimeProvider.System.GetUtcNow());
        var accepted = 0;
        var result = await new QueueImport(queue, record, refuse ?? (static _ => null), _ => accepted++, folder.Clock).RunAsync(new TransferReader(source), held, stop);
        Assert.That(accepted, Is.EqualTo(result.Messages));
        return result;
    }

    private static async Task<List<TransferredMessage>> ReadAsync(byte[] octets)
    {
        using var source = new MemoryStream(octets);
        var found = new List<TransferredMessage>();
        await foreach (var arrived in new TransferReader(source).ReadAsync(CancellationToken.None))
        {
            found.Add(arrived.Message);
            arrived.Dispose();
        }

        return found;
    }
}
