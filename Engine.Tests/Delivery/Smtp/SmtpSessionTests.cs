using Engine.Delivery.Smtp;
using Engine.Mail;
using Engine.Wire;

namespace Engine.Tests.Delivery.Smtp;

/// <summary>Every stage of a transaction, every way it can go wrong, in each of the three ways to send.</summary>
internal sealed class SmtpSessionTests
{
    private static readonly string[] LockStep = ["SIZE 1000"];
    private static readonly string[] Pipelined = ["PIPELINING"];
    private static readonly string[] Chunked = ["PIPELINING", "CHUNKING"];

    [TestCase("lock-step")]
    [TestCase("pipelined")]
    [TestCase("chunked")]
    public async Task A_message_arrives_once_and_the_connection_takes_the_next(string mode)
    {
        var receiver = new Receiver { Offer = OfferOf(mode) };
        await using var peer = ScriptedPeer.Start(receiver.PlayAsync);
        await using var session = await peer.OpenAsync();

        for (var message = 0; message < 3; message++)
        {
            var verdicts = new Verdict[2];
            var result = await session.SendAsync(TestJobs.Make($".{message}\r\n"), verdicts, next: null, peer.Guard);

            Assert.That(result, Is.EqualTo(new SendResult(SessionState.Reusable, SmtpCommand.None, WireFault.None, null, false)));
            Assert.That(verdicts, Is.All.EqualTo(new Verdict(250, new EnhancedCode(2, 0, 0), SmtpCommand.Dot, $"Ok: queued as {message}")));
        }

        await session.CloseAsync();
        Assert.That(receiver.Taken, Is.EqualTo([.. Enumerable.Range(0, 3).Select(message => $"{TestJobs.Head}.{message}\r\n")]));
        Assert.That(receiver.Commands[^1], Is.EqualTo("QUIT"));
    }

    // Stage, fault, what the two recipients and the session learn.
    [TestCase(SmtpCommand.Mail, "451", "451 451", SessionState.Reusable)]
    [TestCase(SmtpCommand.Mail, "550", "550 550", SessionState.Reusable)]
    [TestCase(SmtpCommand.Mail, "421", "421 421", SessionState.Closing)]
    [TestCase(SmtpCommand.Mail, "354", "0 0", SessionState.Malformed)]
    [TestCase(SmtpCommand.Mail, "drop", "0 0", SessionState.Broken)]
    [TestCase(SmtpCommand.Mail, "close", "0 0", SessionState.Broken)]
    [TestCase(SmtpCommand.Mail, "garbage", "0 0", SessionState.Malformed)]
    [TestCase(SmtpCommand.Mail, "early", "0 0", SessionState.Malformed)]
    [TestCase(SmtpCommand.Rcpt, "451", "250 451", SessionState.Reusable)]
    [TestCase(SmtpCommand.Rcpt, "550", "250 550", SessionState.Reusable)]
    [TestCase(SmtpCommand.Rcpt, "421", "421 421", SessionState.Closing)]
    [TestCase(SmtpCommand.Rcpt, "354", "0 0", SessionState.Malformed)]
    [TestCase(SmtpCommand.Rcpt, "drop", "0 0", SessionState.Broken)]
    [TestCase(SmtpCommand.Rcpt, "close", "0 0", SessionState.Broken)]
    [TestCase(SmtpCommand.Rcpt, "garbage", "0 0", SessionState.Malformed)]
    [TestCase(SmtpCommand.Rcpt, "early", "0 0", SessionState.Malformed)]
    [TestCase(SmtpCommand.Data, "451", "451 451", SessionState.Reusable)]
    [TestCase(SmtpCommand.Data, "550", "550 550", SessionState.Reusable)]
    [TestCase(SmtpCommand.Data, "421", "421 421", SessionState.Closing)]
    [TestCase(SmtpCommand.Data, "250", "0 0", SessionState.Malformed)]
    [TestCase(SmtpCommand.Data, "drop", "0 0", SessionState.Broken)]
    [TestCase(SmtpCommand.Data, "close", "0 0", SessionState.Broken)]
    [TestCase(SmtpCommand.Data, "garbage", "0 0", SessionState.Malformed)]
    [TestCase(SmtpCommand.Data, "early", "0 0", SessionState.Malformed)]
    [TestCase(SmtpCommand.Dot, "451", "451 451", SessionState.Reusable)]
    [TestCase(SmtpCommand.Dot, "550", "550 550", SessionState.Reusable)]
    [TestCase(SmtpCommand.Dot, "421", "421 421", SessionState.Closing)]
    [TestCase(SmtpCommand.Dot, "354", "0 0", SessionState.Uncertain)]
    [TestCase(SmtpCommand.Dot, "drop", "0 0", SessionState.Uncertain)]
    [TestCase(SmtpCommand.Dot, "close", "0 0", SessionState.Uncertain)]
    [TestCase(SmtpCommand.Dot, "garbage", "0 0", SessionState.Uncertain)]
    [TestCase(SmtpCommand.Dot, "early", "250 250", SessionState.Closing)]
    public async Task A_fault_blames_only_what_it_can(SmtpCommand at, string fault, string verdicts, SessionState state)
    {
        foreach (var mode in (string[])["lock-step", "pipelined", "chunked"])
        {
            if (at is SmtpCommand.Data && mode is "chunked")
            {
                continue;
            }

            var receiver = new Receiver { Offer = OfferOf(mode), At = at, Fault = fault };
            await using var peer = ScriptedPeer.Start(receiver.PlayAsync);
            await using var session = await peer.OpenAsync();
            var slots = new Verdict[2];

            var result = await session.SendAsync(TestJobs.Make(), slots, next: null, peer.Guard);

            Assert.That((mode, Codes(slots), result.State), Is.EqualTo((mode, verdicts, state)));
            Assert.That(result.Remark is null, Is.EqualTo(state is SessionState.Reusable or SessionState.Closing), mode);
            Assert.That(result.Command, Is.EqualTo(result.Remark is null ? SmtpCommand.None : result.Command), mode);
            Assert.That(receiver.Taken, Has.Count.EqualTo(verdicts.Contains("250", StringComparison.Ordinal) ? 1 : 0), mode);
            await NextMessageAsync(session, peer, state, mode);
            Assert.That(receiver.Taken, Has.Count.LessThanOrEqualTo(2), mode);
        }
    }

    [TestCase("500")]
    [TestCase("502")]
    [TestCase("503")]
    public async Task A_server_that_does_not_know_the_BDAT_it_offers_gets_DATA_next_time(string code)
    {
        var memory = new HostMemory(TimeProvider.System, TimeSpan.FromHours(1));
        var receiver = new Receiver { Offer = Chunked, At = SmtpCommand.Dot, Fault = code };
        await using var peer = ScriptedPeer.Start(receiver.PlayAsync);
        var verdicts = new Verdict[2];
        await using (var session = await peer.OpenAsync(memory))
        {
            var result = await session.SendAsync(TestJobs.Make(), verdicts, next: null, peer.Guard);
            Assert.That((Codes(verdicts), result.State), Is.EqualTo(("0 0", SessionState.Malformed)));
        }

        Assert.That(memory.Look("mx.test"), Is.EqualTo(HostFaults.Chunking));
        await using var again = await new ScriptedPeerSession(new Receiver { Offer = Chunked }, memory).OpenAsync();
        await again.SendAsync(TestJobs.Make());
        Assert.That(again.Receiver.Commands, Does.Contain("DATA"));
    }

    [Test]
    public async Task A_server_out_of_step_gets_one_command_at_a_time_next_time()
    {
        var memory = new HostMemory(TimeProvider.System, TimeSpan.FromHours(1));
        await using (var first = await new ScriptedPeerSession(new Receiver { At = SmtpCommand.Mail, Fault = "early" }, memory).OpenAsync())
        {
            Assert.That(await first.SendAsync(TestJobs.Make()), Is.EqualTo(SessionState.Malformed));
        }

        Assert.That(memory.Look("mx.test"), Is.EqualTo(HostFaults.Pipelining));
        await using var again = await new ScriptedPeerSession(new Receiver { At = SmtpCommand.Mail, Fault = "550" }, memory).OpenAsync();
        Assert.That(await again.SendAsync(TestJobs.Make()), Is.EqualTo(SessionState.Reusable));
        Assert.That(again.Receiver.Commands, Is.EqualTo(["MAIL FROM:<s@client.test>"]), "MAIL was refused: nothing else had been sent");
    }

    [TestCase("lock-step")]
    [TestCase("pipelined")]
    [TestCase("chunked")]
    public async Task When_nobody_is_taken_no_content_leaves(string mode)
    {
        var receiver = new Receiver { Offer = OfferOf(mode), At = SmtpCommand.Rcpt, Fault = "550", Recipients = 1 };
        await using var test = await new ScriptedPeerSession(receiver).OpenAsync();

        Assert.That(await test.SendAsync(TestJobs.Make(recipients: 1)), Is.EqualTo(SessionState.Reusable));

        Assert.That(test.Verdicts.Single().Command, Is.EqualTo(SmtpCommand.Rcpt));
        Assert.That(test.Receiver.Commands[^1], Is.EqualTo("RSET"));
        Assert.That(test.Receiver.Taken, Is.Empty);
        Assert.That(await test.SendAsync(TestJobs.Make(recipients: 1)), Is.EqualTo(SessionState.Reusable));
    }

    [Test]
    public async Task A_server_that_opens_DATA_for_nobody_gets_a_lone_dot()
    {
        await using var peer = ScriptedPeer.Start(async talk =>
        {
            talk.Say("220 mx.test");
            await talk.ExpectAsync("EHLO");
            talk.Say("250-mx\r\n250 PIPELINING");
            await talk.ExpectAsync("MAIL");
            talk.Say("250 Ok");
            await talk.ExpectAsync("RCPT");
            talk.Say("550 No");
            await talk.ExpectAsync("DATA");
            talk.Say("354 Go");
            Assert.That(await talk.ReadContentAsync(), Is.Empty);
            talk.Say("554 nobody");
            await talk.GoneAsync();
        });
        await using var session = await peer.OpenAsync();
        var verdicts = new Verdict[1];

        var result = await session.SendAsync(TestJobs.Make(recipients: 1), verdicts, next: null, peer.Guard);

        Assert.That((verdicts[0].Code, result.State), Is.EqualTo((550, SessionState.Reusable)));
    }

    [Test]
    public async Task Octets_while_idle_poison_the_session([Values("250 hello", "421 4.4.2 idle too long")] string words)
    {
        var spoken = new TaskCompletionSource();
        await using var peer = ScriptedPeer.Start(async talk =>
        {
            talk.Say("220 mx.test");
            await talk.ExpectAsync("EHLO");
            await talk.Say("250 mx").FlushAsync();
            await talk.Say(words).FlushAsync();
            spoken.SetResult();
            await talk.GoneAsync();
            Assert.That(talk.Commands, Has.Count.EqualTo(1));
        });
        await using var session = await peer.ConnectAsync();
        var opened = await session.OpenAsync(peer.Guard);
        await spoken.Task.WaitAsync(peer.Guard);

        // Loopback: what was written is there. Together with the EHLO reply it stops the opening, behind it the first message.
        if (opened.State is OpenState.Ready)
        {
            Assert.That(session.IsHealthy, Is.False);
            var result = await session.SendAsync(TestJobs.Make(), new Verdict[2], next: null, peer.Guard);
            Assert.That(result.State, Is.EqualTo(SessionState.Stale));
            Assert.That(async () => await session.SendAsync(TestJobs.Make(), new Verdict[2], next: null, peer.Guard), Throws.InvalidOperationException);
        }
        else
        {
            Assert.That(opened.State, Is.EqualTo(OpenState.Malformed));
        }
    }

    [Test]
    public async Task The_time_to_wait_is_that_of_the_stage([Values(SmtpCommand.Mail, SmtpCommand.Rcpt, SmtpCommand.Data, SmtpCommand.Dot)] SmtpCommand at)
    {
        var clock = new ManualClock();
        var receiver = new Receiver { Offer = LockStep, At = at, Fault = "silence" };
        await using var peer = ScriptedPeer.Start(receiver.PlayAsync);
        await using var session = await peer.OpenAsync(clock: clock);
        var verdicts = new Verdict[2];
        var limit = at switch { SmtpCommand.Data => 2, SmtpCommand.Dot => 10, _ => 5 };

        var sending = session.SendAsync(TestJobs.Make(), verdicts, next: null, peer.Guard).AsTask();
        await receiver.Reached.Task.WaitAsync(peer.Guard);
        await clock.ArmedAsync(TimeSpan.FromMinutes(limit), peer.Guard);
        clock.Advance(TimeSpan.FromMinutes(limit) - TimeSpan.FromSeconds(1));
        Assert.That(sending.IsCompleted, Is.False);
        clock.Advance(TimeSpan.FromSeconds(2));
        var result = await sending;

        Assert.That(result.State, Is.EqualTo(at is SmtpCommand.Dot ? SessionState.Uncertain : SessionState.Broken));
        Assert.That((result.Fault, result.Command), Is.EqualTo((WireFault.TimedOut, at)));
        Assert.That(Codes(verdicts), Is.EqualTo("0 0"));
    }

    [TestCase(SmtpCommand.Rcpt, SessionState.Stopped)]
    [TestCase(SmtpCommand.Dot, SessionState.Uncertain)]
    public async Task A_stop_is_an_answer_too(SmtpCommand at, SessionState state)
    {
        var receiver = new Receiver { At = at, Fault = "silence" };
        await using var peer = ScriptedPeer.Start(receiver.PlayAsync);
        await using var session = await peer.OpenAsync();
        using var stop = new CancellationTokenSource();

        var sending = session.SendAsync(TestJobs.Make(), new Verdict[2], next: null, stop.Token).AsTask();
        await receiver.Reached.Task.WaitAsync(peer.Guard);
        await stop.CancelAsync();

        Assert.That((await sending).State, Is.EqualTo(state));
    }

    [Test]
    public async Task A_message_above_the_size_offered_is_refused_here()
    {
        await using var test = await new ScriptedPeerSession(new Receiver { Offer = ["SIZE 100"] }).OpenAsync();

        Assert.That(await test.SendAsync(TestJobs.Make(new string('x', 100))), Is.EqualTo(SessionState.Reusable));
        Assert.That(test.Verdicts, Is.All.Matches<Verdict>(verdict => verdict.Code == 552 && verdict.Enhanced == new EnhancedCode(5, 3, 4)));
        Assert.That(test.Receiver.Commands, Is.Empty);

        Assert.That(await test.SendAsync(TestJobs.Make(new string('x', 100 - TestJobs.Head.Length - 2))), Is.EqualTo(SessionState.Reusable));
        Assert.That(test.Receiver.Commands[0], Is.EqualTo("MAIL FROM:<s@client.test> SIZE=100"));
    }

    [Test]
    public async Task Without_SMTPUTF8_such_a_message_stays_here()
    {
        await using var test = await new ScriptedPeerSession(new Receiver()).OpenAsync();

        Assert.That(await test.SendAsync(TestJobs.Make(needs: BodyNeeds.SmtpUtf8)), Is.EqualTo(SessionState.NeedsSmtpUtf8));
        Assert.That(test.Receiver.Commands, Is.Empty);
        Assert.That(await test.SendAsync(TestJobs.Make()), Is.EqualTo(SessionState.Reusable));
    }

    [TestCase("8BITMIME", false)]
    [TestCase("PIPELINING", true)]
    public async Task Without_8BITMIME_it_goes_as_it_is_and_the_result_says_so(string offer, bool sentAsIs)
    {
        await using var test = await new ScriptedPeerSession(new Receiver { Offer = [offer] }).OpenAsync();

        await test.SendAsync(TestJobs.Make("\u00e9\r\n", needs: BodyNeeds.EightBit));

        Assert.That(test.Result.SentAsIs, Is.EqualTo(sentAsIs));
        Assert.That(test.Receiver.Taken.Single(), Does.EndWith("\u00c3\u00a9\r\n"));
    }

    [Test]
    public async Task An_unclean_content_never_ends([Values("a\nb\r\n", "a\r\n.\r\r\n", "\0\r\n")] string content, [Values("pipelined", "chunked")] string mode)
    {
        await using var test = await new ScriptedPeerSession(new Receiver { Offer = OfferOf(mode) }).OpenAsync();

        Assert.That(await test.SendAsync(TestJobs.Make(content)), Is.EqualTo(SessionState.Unclean));
        Assert.That(test.Verdicts, Is.All.EqualTo(Verdict.None));
        await test.Session.DisposeAsync();
        Assert.That(test.Receiver.Taken, Is.Empty);
    }

    [Test]
    public async Task A_large_message_arrives_whole([Values("lock-step", "pipelined", "chunked")] string mode)
    {
        var receiver = new Receiver { Offer = mode is "lock-step" ? [] : OfferOf(mode), Recipients = 1 };
        await using var test = await new ScriptedPeerSession(receiver).OpenAsync();
        var content = string.Concat(Enumerable.Range(0, 5_000).Select(line => $".{new string('.', line % 60)}\r\n"));

        Assert.That(await test.SendAsync(TestJobs.Make(content, recipients: 1)), Is.EqualTo(SessionState.Reusable));
        Assert.That(test.Receiver.Taken.Single(), Is.EqualTo(TestJobs.Head + content));
    }

    [TestCase("552 5.3.4 too large", "0", SessionState.Malformed)]
    [TestCase("250 2.0.0 taken already", "0", SessionState.Malformed)]
    [TestCase("421 4.3.2 leaving", "421", SessionState.Closing)]
    public async Task Words_in_the_middle_of_the_content_are_no_answer_to_its_end(string words, string code, SessionState state)
    {
        var ended = false;
        await using var peer = ScriptedPeer.Start(async talk =>
        {
            talk.Say("220 mx.test");
            await talk.ExpectAsync("EHLO");
            talk.Say("250-mx\r\n250 PIPELINING");
            await talk.ExpectAsync("MAIL");
            talk.Say("250 Ok");
            await talk.ExpectAsync("RCPT");
            talk.Say("250 Ok");
            await talk.ExpectAsync("DATA");
            talk.Say("354 Go");
            await talk.ReadOctetsAsync(100_000);
            await talk.Say(words).FlushAsync();

            // More than fits the buffers on the way: the client must still be sending when the words arrive.
            ended = await talk.ReadContentAsync() is not null;
        });
        await using var session = await peer.OpenAsync();
        var verdicts = new Verdict[1];
        var content = string.Concat(Enumerable.Repeat(new string('x', 998) + "\r\n", 40_000));

        var result = await session.SendAsync(TestJobs.Make(content, recipients: 1), verdicts, next: null, peer.Guard);
        await session.DisposeAsync();

        Assert.That((verdicts[0].Code.ToString(provider: null), result.State), Is.EqualTo((code, state)));
        Assert.That(result.Remark, state is SessionState.Malformed ? Does.Contain(words[..3]) : Is.Null);
        Assert.That(ended, Is.False);
    }

    [Test]
    public async Task Many_recipients_go_out_in_several_writes_and_keep_their_order()
    {
        var receiver = new Receiver { Recipients = 1_000, At = SmtpCommand.Rcpt, Fault = "550" };
        await using var test = await new ScriptedPeerSession(receiver).OpenAsync();
        var job = new SmtpJob
        {
            Sender = default,
            Recipients = new TestRecipients([.. Enumerable.Range(0, 1_000).Select(at => $"{new string('r', 60)}{at}@{new string('d', 60)}.mx.test")]),
            Head = "A: b\r\n\r\n"u8.ToArray(),
            Content = default,
        };

        Assert.That(await test.SendAsync(job), Is.EqualTo(SessionState.Reusable));
        Assert.That(test.Verdicts.Count(verdict => verdict.IsDelivered), Is.EqualTo(999));
        Assert.That(test.Verdicts[999].Code, Is.EqualTo(550));
    }

    [Test]
    public async Task The_transactions_a_server_allows_are_not_exceeded()
    {
        await using var test = await new ScriptedPeerSession(new Receiver { Offer = ["LIMITS MAILMAX=2"] }).OpenAsync();

        Assert.That(await test.SendAsync(TestJobs.Make()), Is.EqualTo(SessionState.Reusable));
        Assert.That(await test.SendAsync(TestJobs.Make()), Is.EqualTo(SessionState.Closing));
    }

    private static async Task NextMessageAsync(SmtpSession session, ScriptedPeer peer, SessionState state, string mode)
    {
        var verdicts = new Verdict[2];
        if (state is SessionState.Reusable)
        {
            await session.SendAsync(TestJobs.Make("next\r\n"), verdicts, next: null, peer.Guard);
            Assert.That(verdicts[0].IsDelivered || verdicts[0].Code is >= 400, Is.True, mode);
        }
        else
        {
            Assert.That(async () => await session.SendAsync(TestJobs.Make(), verdicts, next: null, peer.Guard), Throws.InvalidOperationException, mode);
        }
    }

    private static string[] OfferOf(string mode) => mode switch { "chunked" => Chunked, "pipelined" => Pipelined, _ => LockStep };

    private static string Codes(Verdict[] verdicts) => string.Join(' ', verdicts.Select(verdict => verdict.Code));
}
