using System.Buffers;
using System.Text;
using Engine.Delivery.Smtp;
using Engine.Mail;
using Engine.Queue;
using Engine.Wire;

namespace Engine.Tests.Delivery.Smtp;

/// <summary>Large content, read while it is sent.</summary>
internal sealed class SmtpSessionPiecesTests
{
    private static readonly string[] Pipelined = ["PIPELINING", "SIZE 10000000"];
    private static readonly string[] Chunked = ["PIPELINING", "CHUNKING", "SIZE 10000000"];

    [Test]
    public async Task Pieces_arrive_in_order_and_no_memory_is_held_behind_the_last([Values] bool isChunked)
    {
        var receiver = new Receiver { Offer = isChunked ? Chunked : Pipelined };
        await using var peer = ScriptedPeer.Start(receiver.PlayAsync);
        await using var session = await peer.OpenAsync();
        var pieces = new CutPieces([.. Enumerable.Range(0, 9).Select(static piece => Encoding.Latin1.GetBytes(Text(piece)))]);
        var verdicts = new Verdict[2];

        for (var message = 0; message < 2; message++)
        {
            var result = await session.SendAsync(Job(pieces), verdicts, next: null, peer.Guard);
            Assert.That(result.State, Is.EqualTo(SessionState.Reusable));
            Assert.That(verdicts.Select(static verdict => verdict.Code), Is.All.EqualTo(250));
            Assert.That(pieces.IsReleased, Is.True);
        }

        await session.CloseAsync();
        var expected = $"{TestJobs.Head}first\r\n{string.Concat(Enumerable.Range(0, 9).Select(Text))}";
        Assert.That(receiver.Taken, Is.EqualTo([expected, expected]));
        Assert.That(receiver.Commands, Has.Some.Contains($"SIZE={expected.Length}"));
        Assert.That(pieces.Reads, Is.EqualTo(18), "each once a message");
    }

    [Test]
    public async Task A_piece_that_cannot_be_read_ends_the_connection_without_the_end_of_the_content([Values] bool isChunked, [Values(0, 4, 8)] int damaged)
    {
        var received = new List<byte>();
        await using var peer = ScriptedPeer.Start(PlayAsync);
        await using var session = await peer.OpenAsync();
        var pieces = new CutPieces([.. Enumerable.Range(0, 9).Select(static piece => Encoding.Latin1.GetBytes(Text(piece)))]) { Damaged = damaged };
        var verdicts = new Verdict[2];

        var result = await session.SendAsync(Job(pieces), verdicts, next: null, peer.Guard);

        Assert.That((result.State, result.Fault), Is.EqualTo((SessionState.Unreadable, WireFault.None)));
        Assert.That(result.Remark, Does.StartWith("log.7 is damaged"));
        Assert.That(verdicts, Is.All.EqualTo(Verdict.None));
        Assert.That(pieces.IsReleased, Is.True);
        Assert.That(session.IsHealthy, Is.False);
        await session.DisposeAsync();
        await peer.DisposeAsync();
        var text = Encoding.Latin1.GetString([.. received]);
        Assert.That(text, Does.Not.Contain("\r\n.\r\n"));
        Assert.That(text, Has.Length.LessThan(9 * Text(0).Length), "a chunk stays short of what BDAT announced");

        async Task PlayAsync(PeerTalk talk)
        {
            talk.Say("220 mx.test");
            await talk.ExpectAsync("EHLO");
            talk.Say("250-mx.test\r\n" + string.Concat((isChunked ? Chunked : Pipelined).Select(static keyword => $"250-{keyword}\r\n")) + "250 HELP");
            await talk.ExpectAsync("MAIL");
            await talk.ExpectAsync("RCPT");
            await talk.ExpectAsync("RCPT");
            talk.Say("250 Ok").Say("250 Ok").Say("250 Ok");
            if (!isChunked)
            {
                await talk.ExpectAsync("DATA");
                talk.Say("354 Go");
            }

            while (await talk.ReadOctetsAsync(1) is { } octet)
            {
                received.Add((byte)octet[0]);
            }
        }
    }

    [Test]
    public async Task A_server_that_breaks_in_the_middle_leaves_the_pieces_released()
    {
        await using var peer = ScriptedPeer.Start(static async talk =>
        {
            talk.Say("220 mx.test");
            await talk.ExpectAsync("EHLO");
            talk.Say("250-mx.test\r\n250 PIPELINING");
            await talk.ExpectAsync("MAIL");
            talk.Say("250 Ok").Say("250 Ok").Say("250 Ok").Say("354 Go");
            await talk.ReadOctetsAsync(100_000);
            await talk.DropAsync();
        });
        await using var session = await peer.OpenAsync();
        var pieces = new CutPieces([.. Enumerable.Range(0, 400).Select(static piece => Encoding.Latin1.GetBytes(Text(piece)))]);
        var verdicts = new Verdict[2];

        var result = await session.SendAsync(Job(pieces), verdicts, next: null, peer.Guard);

        Assert.That(result.State, Is.AnyOf(SessionState.Broken, SessionState.Malformed), "the reset may be seen as a word too early");
        Assert.That(pieces.IsReleased, Is.True);
    }

    private static string Text(int piece) => $".piece {piece}\r\n{new string((char)('a' + (piece % 26)), 90_000)}\r\n";

    private static SmtpJob Job(IContentPieces pieces) => new()
    {
        Sender = "s@client.test"u8.ToArray(),
        Recipients = new TestRecipients("r0@mx.test", "r1@mx.test"),
        Needs = BodyNeeds.None,
        Head = Encoding.Latin1.GetBytes(TestJobs.Head),
        Content = new MessageContent(new ReadOnlySequence<byte>("first\r\n"u8.ToArray()), pieces),
    };
}
