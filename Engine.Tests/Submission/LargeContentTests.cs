using System.Text;
using Engine.Configuration;
using Engine.Submission;

namespace Engine.Tests.Submission;

/// <summary>Content that is written while the client is still sending.</summary>
internal sealed class LargeContentTests
{
    private const string Header = "From: a@acme.example\r\nSubject: large\r\n\r\n";

    [TestCase(ContentReader.PieceLength - 1, 0)]
    [TestCase(ContentReader.PieceLength, 1)]
    [TestCase(ContentReader.PieceLength + 1, 1)]
    [TestCase(3 * ContentReader.PieceLength, 3)]
    [TestCase((3 * ContentReader.PieceLength) + 77_777, 3)]
    public async Task Data_of_any_length_is_stored_octet_for_octet(int length, int pieces)
    {
        using var rig = await new DialogueRig().GreetAsync();
        var body = Body(length);

        var said = await rig.SayAsync($"MAIL FROM:<a@acme.example>\r\nRCPT TO:<r@b.example>\r\nDATA\r\n{Data(body)}.\r\n");

        Assert.That(said, Does.Contain("\r\n250 2.0.0 ").And.EndWith("queued\r\n"));
        var kept = rig.Store.Next();
        Assert.That(kept.Body, Is.EqualTo(body));
        Assert.That(rig.Sealer.Body, Is.EqualTo(body));
        Assert.That(rig.Store.Begun.Sum(static content => content.Pieces.Count), Is.EqualTo(pieces));
        Assert.That(rig.Store.Begun.SelectMany(static content => content.Pieces), Is.All.EqualTo(ContentReader.PieceLength));
        Assert.That(rig.Store.Begun.Select(static content => content.IsDisposed), Is.All.True);
        Assert.That(kept.Head, Does.Contain($" id {kept.Envelope.Id}"), "Received names the id that the parts carry");
        Assert.That(rig.Events.All[^1].Size, Is.EqualTo(kept.Head.Length + length));
        Assert.That(rig.Blocks.Used, Is.Zero);
    }

    [Test]
    public async Task Chunks_that_end_anywhere_are_stored_octet_for_octet([Values(1, 3, 10)] int chunks, [Values] bool endsAlone)
    {
        using var rig = await new DialogueRig().GreetAsync();
        var content = Header + Body((2 * ContentReader.PieceLength) + 50);
        var script = new StringBuilder("MAIL FROM:<a@acme.example>\r\nRCPT TO:<r@b.example>\r\n");
        for (var chunk = 0; chunk < chunks; chunk++)
        {
            var (from, to) = (content.Length * chunk / chunks, content.Length * (chunk + 1) / chunks);
            var isLast = chunk == chunks - 1 && !endsAlone;
            script.Append($"BDAT {to - from}{(isLast ? " LAST" : string.Empty)}\r\n").Append(content, from, to - from);
        }

        var said = await rig.SayAsync($"{script}{(endsAlone ? "BDAT 0 LAST\r\n" : string.Empty)}NOOP\r\n");

        Assert.That(said, Does.EndWith("queued\r\n250 2.0.0 Ok\r\n"));
        Assert.That(rig.Store.Next().Body, Is.EqualTo(content[Header.Length..]));
        Assert.That(rig.Blocks.Used, Is.Zero);
    }

    [Test]
    public async Task Several_large_messages_follow_each_other_on_a_connection()
    {
        using var rig = await new DialogueRig().GreetAsync();
        for (var message = 0; message < 3; message++)
        {
            var body = $"{message}\r\n" + Body(2 * ContentReader.PieceLength);
            _ = await rig.SendAsync(Data(body)[..^2]);
            Assert.That(rig.Store.Next().Body, Is.EqualTo(body));
        }

        Assert.That(rig.Store.Begun.Select(static content => content.Id).Distinct().Count(), Is.EqualTo(3));
    }

    [TestCase("a bare LF\nhere\r\n", "550 5.6.0 Lines end with CRLF", true)]
    [TestCase("a NUL \0 here\r\n", "550 5.6.0 The content holds a NUL", false)]
    public async Task What_is_refused_late_leaves_nothing_behind(string evil, string reply, bool isClosed)
    {
        using var rig = await new DialogueRig().GreetAsync();

        var said = await rig.SendAsync(Data(Body((2 * ContentReader.PieceLength) + 40_000) + evil + Body(2 * ContentReader.PieceLength))[..^2]);

        Assert.That(said, Does.Contain("\r\n" + reply));
        Assert.That(rig.Store.Count, Is.Zero);
        Assert.That(rig.Store.Begun.Select(static content => content.IsDisposed), Is.EqualTo([true]));
        Assert.That(rig.Store.Begun[0].Pieces, Has.Count.EqualTo(2), "nothing is written behind a fault");
        Assert.That(rig.IsClosed, Is.EqualTo(isClosed));
        Assert.That(rig.Blocks.Used, Is.Zero);
    }

    [Test]
    public async Task A_message_over_the_limit_is_given_up_where_it_passes_it()
    {
        var options = Sample.Options with { Queue = Sample.Options.Queue with { MaxMessageSize = ByteSize.MiB(2) } };
        using var rig = await new DialogueRig(options: options).GreetAsync();

        var said = await rig.SendAsync(Data(Body(4 << 20))[..^2]);

        Assert.That(said, Does.Contain("552 5.3.4 Message too big"));
        Assert.That(rig.Store.Count, Is.Zero);
        Assert.That(rig.Store.Begun[0].Pieces, Has.Count.EqualTo(2));
        Assert.That(rig.Store.Begun[0].IsDisposed, Is.True);
    }

    [Test]
    public async Task When_the_disk_takes_no_piece_the_client_hears_so_at_its_dot_and_may_come_again()
    {
        using var rig = await new DialogueRig().GreetAsync();
        rig.Store.RefusesPieces = "the disk is nearly full";

        var said = await rig.SendAsync(Data(Body(3 * ContentReader.PieceLength))[..^2]);
        rig.Store.RefusesPieces = null;
        var again = await rig.SendAsync(Data(Body(3 * ContentReader.PieceLength))[..^2]);

        Assert.That(said, Does.EndWith("\r\n452 4.3.1 the disk is nearly full\r\n"));
        Assert.That(again, Does.EndWith("queued\r\n"));
        Assert.That(rig.Store.Begun.Select(static content => content.IsDisposed), Is.All.True);
    }

    [TestCase("RSET\r\n")]
    [TestCase("EHLO other.example\r\n")]
    public async Task A_transaction_dropped_between_chunks_leaves_nothing(string command)
    {
        using var rig = await new DialogueRig().GreetAsync();
        var content = Header + Body(2 * ContentReader.PieceLength);
        _ = await rig.SayAsync($"MAIL FROM:<a@acme.example>\r\nRCPT TO:<r@b.example>\r\nBDAT {content.Length}\r\n{content}");
        Assert.That(rig.Store.Begun[0].IsDisposed, Is.False);

        _ = await rig.SayAsync(command);

        Assert.That(rig.Store.Begun[0].IsDisposed, Is.True);
        Assert.That(rig.Store.Count, Is.Zero);
    }

    [Test]
    public async Task A_client_that_is_gone_in_the_middle_leaves_nothing()
    {
        var rig = await new DialogueRig().GreetAsync();
        _ = await rig.SayAsync($"MAIL FROM:<a@acme.example>\r\nRCPT TO:<r@b.example>\r\nDATA\r\n{Data(Body(2 * ContentReader.PieceLength))}");
        rig.Dispose();

        Assert.That(rig.Store.Begun[0].IsDisposed, Is.True);
        Assert.That((rig.Store.Count, rig.Blocks.Used), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task Large_content_may_take_an_hour_and_no_longer()
    {
        using var rig = await new DialogueRig().GreetAsync();
        _ = await rig.SayAsync($"MAIL FROM:<a@acme.example>\r\nRCPT TO:<r@b.example>\r\nDATA\r\n{Data(Body(ContentReader.PieceLength))}");
        rig.Clock.Advance(TimeSpan.FromMinutes(59));
        _ = await rig.SayAsync(Stuffed(Body(ContentReader.PieceLength)));
        Assert.That(rig.Store.Begun[0].Pieces, Has.Count.EqualTo(2));
        rig.Clock.Advance(TimeSpan.FromMinutes(2));

        var said = await rig.SayAsync(Stuffed(Body(ContentReader.PieceLength + 1_000)));

        Assert.That(said, Is.EqualTo("421 4.4.2 The content came too slowly\r\n"));
        Assert.That(rig.IsClosed, Is.True);
        Assert.That(rig.Store.Begun[0].IsDisposed, Is.True);
    }

    private static string Data(string body) => Header + Stuffed(body);

    private static string Stuffed(string body) => (body[0] == '.' ? "." : string.Empty) + body.Replace("\r\n.", "\r\n..", StringComparison.Ordinal);

    // Lines of different lengths, some with a dot in front, and exactly so many octets.
    private static string Body(int length)
    {
        var text = new StringBuilder(length + 100);
        for (var line = 0; text.Length < length; line++)
        {
            text.Append(line % 7 == 3 ? "." : string.Empty).Append('a', line % 90).Append("\r\n");
        }

        text.Length = length - 2;
        if (text[^1] == '\r')
        {
            text[^1] = 'x';
        }

        return text.Append("\r\n").ToString();
    }
}
