using Engine.Delivery.Smtp;
using Engine.Mail;

namespace Engine.Tests.Delivery.Smtp;

/// <summary>The next envelope behind the end of the message before.</summary>
internal sealed class SmtpSessionGluedTests
{
    private static readonly string[] Pipelined = ["PIPELINING"];
    private static readonly string[] Chunked = ["PIPELINING", "CHUNKING"];

    [Test]
    public async Task Every_message_arrives_once_and_has_its_own_verdict([Values] bool isChunked)
    {
        var receiver = new Receiver { Offer = isChunked ? Chunked : Pipelined, Recipients = 1 };
        await using var test = await new ScriptedPeerSession(receiver).OpenAsync();
        var line = new Line(5);

        var states = await line.RunAsync(test);

        Assert.That(states, Is.All.EqualTo(SessionState.Reusable));
        Assert.That(receiver.Taken, Is.EqualTo(line.Contents));
        Assert.That(line.Verdicts.Select(verdict => verdict.Text), Is.EqualTo([.. Enumerable.Range(0, 5).Select(at => $"Ok: queued as {at}")]));
    }

    [Test]
    public async Task The_next_envelope_is_on_the_wire_before_the_content_is_answered([Values] bool isChunked)
    {
        var seen = new List<string?>();
        await using var peer = ScriptedPeer.Start(async talk =>
        {
            talk.Say("220 mx.test");
            await talk.ExpectAsync("EHLO");
            talk.Say(isChunked ? "250-mx\r\n250-PIPELINING\r\n250 CHUNKING" : "250-mx\r\n250 PIPELINING");
            await talk.ExpectAsync("MAIL");
            talk.Say("250 Ok");
            await talk.ExpectAsync("RCPT");
            talk.Say("250 Ok");
            if (isChunked)
            {
                await talk.ExpectAsync("BDAT");
                await talk.ReadOctetsAsync(Line.ContentOf(0).Length);
            }
            else
            {
                await talk.ExpectAsync("DATA");
                talk.Say("354 Go");
                await talk.ReadContentAsync();
            }

            // Nothing has been answered since, and yet:
            seen.Add(await talk.ReadLineAsync());
            seen.Add(await talk.ReadLineAsync());
            await talk.DropAsync();
        });
        await using var session = await peer.OpenAsync();
        var line = new Line(2);
        line.TryTake(out var job, out var verdicts);

        var result = await session.SendAsync(job, verdicts, line, peer.Guard);

        Assert.That(seen, Is.EqualTo(["MAIL FROM:<s@client.test>", "RCPT TO:<r0@mx.test>"]));
        Assert.That(result.State, Is.EqualTo(SessionState.Uncertain));
        Assert.That(session.HasNext, Is.True, "the next message was never attempted");
        Assert.That(line.Verdicts, Is.All.EqualTo(Verdict.None));
        Assert.That(async () => await session.SendNextAsync(line, peer.Guard), Throws.InvalidOperationException);
    }

    // In the second message; the first has ridden ahead and the third may ride behind.
    [TestCase(SmtpCommand.Mail, "451", "250 451 250", SessionState.Reusable)]
    [TestCase(SmtpCommand.Mail, "550", "250 550 250", SessionState.Reusable)]
    [TestCase(SmtpCommand.Mail, "503", "250 0", SessionState.Malformed)]
    [TestCase(SmtpCommand.Mail, "421", "250 421", SessionState.Closing)]
    [TestCase(SmtpCommand.Mail, "drop", "250 0", SessionState.Broken)]
    [TestCase(SmtpCommand.Mail, "garbage", "250 0", SessionState.Malformed)]
    [TestCase(SmtpCommand.Mail, "early", "250 0", SessionState.Malformed)]
    [TestCase(SmtpCommand.Rcpt, "550", "250 550 250", SessionState.Reusable)]
    [TestCase(SmtpCommand.Rcpt, "421", "250 421", SessionState.Closing)]
    [TestCase(SmtpCommand.Rcpt, "drop", "250 0", SessionState.Broken)]
    [TestCase(SmtpCommand.Rcpt, "early", "250 0", SessionState.Malformed)]
    [TestCase(SmtpCommand.Data, "451", "250 451 250", SessionState.Reusable)]
    [TestCase(SmtpCommand.Data, "421", "250 421", SessionState.Closing)]
    [TestCase(SmtpCommand.Data, "drop", "250 0", SessionState.Broken)]
    [TestCase(SmtpCommand.Data, "250", "250 0", SessionState.Malformed)]
    [TestCase(SmtpCommand.Dot, "451", "250 451 250", SessionState.Reusable)]
    [TestCase(SmtpCommand.Dot, "421", "250 421", SessionState.Closing)]
    [TestCase(SmtpCommand.Dot, "drop", "250 0", SessionState.Uncertain)]
    [TestCase(SmtpCommand.Dot, "garbage", "250 0", SessionState.Uncertain)]
    public async Task A_fault_in_one_message_leaves_the_others_alone(SmtpCommand at, string fault, string verdicts, SessionState state)
    {
        var receiver = new Receiver { Offer = Pipelined, Recipients = 1, At = at, Fault = fault, InMessage = 1 };
        await using var test = await new ScriptedPeerSession(receiver).OpenAsync();
        var line = new Line(3);

        var states = await line.RunAsync(test);

        Assert.That(states[^1], Is.EqualTo(state));
        Assert.That(string.Join(' ', line.Verdicts.Take(verdicts.Split(' ').Length).Select(verdict => verdict.Code)), Is.EqualTo(verdicts));
        Assert.That(receiver.Taken, Has.Count.EqualTo(line.Verdicts.Count(verdict => verdict.IsDelivered)));
        Assert.That(receiver.Taken, Is.SubsetOf(line.Contents).And.Unique);
    }

    [Test]
    public async Task Behind_a_refused_BDAT_the_state_of_the_server_is_unknown()
    {
        var receiver = new Receiver { Offer = Chunked, Recipients = 1, At = SmtpCommand.Dot, Fault = "554" };
        await using var test = await new ScriptedPeerSession(receiver).OpenAsync();
        var line = new Line(2);

        var states = await line.RunAsync(test);

        Assert.That(states, Is.EqualTo([SessionState.Closing]));
        Assert.That(line.Verdicts.Select(verdict => (int)verdict.Code), Is.EqualTo([554, 0]));
        Assert.That(test.Session.HasNext, Is.True);
    }

    [Test]
    public async Task A_host_that_answered_503_gets_its_messages_one_by_one()
    {
        var memory = new HostMemory(TimeProvider.System, TimeSpan.FromHours(1));
        var first = new Receiver { Recipients = 1, At = SmtpCommand.Mail, Fault = "503", InMessage = 1 };
        await using (var test = await new ScriptedPeerSession(first, memory).OpenAsync())
        {
            await new Line(2).RunAsync(test);
        }

        Assert.That(memory.Look("mx.test"), Is.EqualTo(HostFaults.Gluing));
        await using var again = await new ScriptedPeerSession(new Receiver { Recipients = 1 }, memory).OpenAsync();
        var line = new Line(2);
        line.TryTake(out var job, out var verdicts);
        Assert.That((await again.Session.SendAsync(job, verdicts, line, again.Guard)).State, Is.EqualTo(SessionState.Reusable));
        Assert.That(again.Session.HasNext, Is.False);
    }

    [Test]
    public async Task A_next_message_the_server_cannot_take_is_not_glued_but_judged_in_its_turn()
    {
        var receiver = new Receiver { Offer = ["PIPELINING", "SIZE 60"], Recipients = 1 };
        await using var test = await new ScriptedPeerSession(receiver).OpenAsync();
        var line = new Line(3) { Large = 1 };

        var states = await line.RunAsync(test);

        Assert.That(states, Is.All.EqualTo(SessionState.Reusable));
        Assert.That(line.Verdicts.Select(verdict => (int)verdict.Code), Is.EqualTo([250, 552, 250]));
        Assert.That(receiver.Taken, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task The_transactions_a_server_allows_are_not_exceeded()
    {
        var receiver = new Receiver { Offer = ["PIPELINING", "LIMITS MAILMAX=2"], Recipients = 1 };
        await using var test = await new ScriptedPeerSession(receiver).OpenAsync();

        var states = await new Line(3).RunAsync(test);

        Assert.That(states, Is.EqualTo([SessionState.Reusable, SessionState.Closing]));
        Assert.That(receiver.Commands.Count(command => command.StartsWith("MAIL", StringComparison.Ordinal)), Is.EqualTo(2));
    }

    /// <summary>Messages that stand in line for one session.</summary>
    private sealed class Line(int count) : INextJob
    {
        private readonly Verdict[] _verdicts = new Verdict[count];
        private int _taken;

        public IEnumerable<Verdict> Verdicts => _verdicts;

        public IEnumerable<string> Contents => Enumerable.Range(0, count).Select(ContentOf);

        /// <summary>Which message is too large.</summary>
        public int Large { get; init; } = -1;

        public static string ContentOf(int message) => $"{TestJobs.Head}.message {message}\r\n";

        public bool TryTake(out SmtpJob job, out Memory<Verdict> verdicts)
        {
            (job, verdicts) = (default, default);
            if (_taken == count)
            {
                return false;
            }

            var content = _taken == Large ? new string('x', 100) : $".message {_taken}\r\n";
            job = TestJobs.Make(content, recipients: 1);
            verdicts = _verdicts.AsMemory(_taken++, 1);
            return true;
        }

        /// <summary>Sends on while the session can.</summary>
        public async Task<List<SessionState>> RunAsync(ScriptedPeerSession test)
        {
            var states = new List<SessionState>();
            do
            {
                var result = test.Session.HasNext
                    ? await test.Session.SendNextAsync(this, test.Guard)
                    : await SendFirstAsync(test);
                states.Add(result.State);
            }
            while (states[^1] is SessionState.Reusable && (test.Session.HasNext || _taken < count));

            return states;
        }

        private async ValueTask<SendResult> SendFirstAsync(ScriptedPeerSession test)
        {
            Assert.That(TryTake(out var job, out var verdicts), Is.True);
            return await test.Session.SendAsync(job, verdicts, this, test.Guard);
        }
    }
}
