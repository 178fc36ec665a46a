using System.Net;
using Engine.Configuration;
using Engine.Mail;
using Engine.Submission;

namespace Engine.Tests.Submission;

/// <summary>Who may send what as whom, through the whole dialogue but the socket.</summary>
internal sealed class AdmissionTests
{
    private const string Good = "From: a@acme.example\r\n";

    // login; MAIL FROM; header beyond From; the last reply; stream, pool.
    [TestCase("acme/app", "a@acme.example", Good, "250 2.0.0", "news bulk", TestName = "The default stream")]
    [TestCase("acme/app", "a@x.mail.acme.example", "From: a@x.mail.acme.example\r\n", "250 2.0.0", "news bulk", TestName = "A subdomain")]
    [TestCase("acme/app", "", Good, "250 2.0.0", "news bulk", TestName = "The null path with an allowed From")]
    [TestCase("acme/app", "a@acme.example", Good + "X-Engine-Stream: otp\r\n", "250 2.0.0", "otp tx", TestName = "A stream that is named, with the first pool of its class")]
    [TestCase("acme/otp", "a@acme.example", Good, "250 2.0.0", "otp tx", TestName = "A credential with one stream uses it")]
    [TestCase("plain/app", "a@acme.example", Good, "250 2.0.0", " tx", TestName = "An account without streams has an unnamed transactional one")]
    [TestCase("acme/app", "a@acme.example", Good + "X-Engine-Pool: slow\r\n", "250 2.0.0", "news slow", TestName = "A pool of the account's")]
    [TestCase("platform", "a@acme.example", Good + "X-Engine-Account: acme\r\n", "250 2.0.0", "news bulk", TestName = "An injector acts for an account")]
    [TestCase("acme/app", "a@mail.acme.example", Good, "550 5.7.1", null, TestName = "The parent of a subdomain pattern is not in it")]
    [TestCase("acme/app", "a@other.example", Good, "550 5.7.1", null, TestName = "A sender domain of somebody else")]
    [TestCase("acme/app", "a@acme.example", "From: a@other.example\r\n", "550 5.7.1", null, TestName = "A From domain of somebody else")]
    [TestCase("acme/app", "a@acme.example", "From: a@acme.example, b@other.example\r\n", "550 5.7.1", null, TestName = "A second author of somebody else")]
    [TestCase("acme/app", "", "From: a@other.example\r\n", "550 5.7.1", null, TestName = "The null path does not hide the From")]
    [TestCase("acme/app", "a@broken.mail.acme.example", Good, "451 4.7.0", null, TestName = "A sender domain with a fault in the file")]
    [TestCase("acme/app", "a@acme.example", "From: a@broken.mail.acme.example\r\n", "451 4.7.0", null, TestName = "A From domain with a fault in the file")]
    [TestCase("acme/app", "a@acme.example", Good + "X-Engine-Stream: none\r\n", "550 5.6.0", null, TestName = "A stream that does not exist")]
    [TestCase("acme/otp", "a@acme.example", Good + "X-Engine-Stream: news\r\n", "550 5.6.0", null, TestName = "A stream the credential may not use")]
    [TestCase("choosy/app", "a@acme.example", Good, "550 5.6.0", null, TestName = "No default stream and none named")]
    [TestCase("acme/app", "a@acme.example", Good + "X-Engine-Pool: tx\r\n", "550 5.6.0", null, TestName = "A pool of the other class")]
    [TestCase("acme/app", "a@acme.example", Good + "X-Engine-Pool: others\r\n", "550 5.6.0", null, TestName = "A pool of somebody else")]
    [TestCase("acme/app", "a@acme.example", Good + "X-Engine-Pool: none\r\n", "550 5.6.0", null, TestName = "A pool that does not exist")]
    [TestCase("acme/app", "a@acme.example", Good + "X-Engine-Account: acme\r\n", "550 5.6.0", null, TestName = "An account named by who is no injector")]
    [TestCase("platform", "a@acme.example", Good, "550 5.6.0", null, TestName = "An injector that names no account")]
    [TestCase("platform", "a@acme.example", Good + "X-Engine-Account: plain\r\n", "550 5.6.0", null, TestName = "An injector that may not act for the account")]
    [TestCase("platform", "a@other.example", Good + "X-Engine-Account: acme\r\n", "550 5.7.1", null, TestName = "An injector with a sender the account may not use")]
    [TestCase("broken/app", "a@acme.example", Good, "451 4.7.0", null, TestName = "An account with a fault in the file")]
    [TestCase("disabled/app", "a@acme.example", Good, "535 5.7.8", null, TestName = "An account disabled after the login")]
    [TestCase("gone/app", "a@acme.example", Good, "535 5.7.8", null, TestName = "A login that is gone from the file")]
    [TestCase("paused/app", "a@acme.example", Good + "X-Engine-Stream: otp\r\n", "450 4.7.1", null, TestName = "Transactional mail of a paused account")]
    [TestCase("review/app", "a@acme.example", Good, "250 2.0.0", "news bulk held", TestName = "Mail of an account in review is held")]
    [TestCase("paused/app", "a@acme.example", Good, "250 2.0.0", "news bulk held", TestName = "Marketing of a paused account is held")]
    [TestCase("acme/app", "a@acme.example", Good + "X-Engine-Send-At: 2026-12-22T08:00:01Z\r\n", "550 5.6.0", null, TestName = "Further ahead than maxSchedule")]
    [TestCase("acme/otp", "a@acme.example", Good + "X-Engine-Give-Up: 15m\r\n", "550 5.6.0", null, TestName = "A give-up that is not shorter")]
    [TestCase("acme/app", "a@acme.example", Good + "X-Engine-Give-Up: 72h\r\n", "550 5.6.0", null, TestName = "A give-up that is not shorter than the class's")]
    public async Task A_message_is_admitted_or_not(string login, string sender, string header, string reply, string? placed)
    {
        using var rig = await new DialogueRig("submission").GreetAsync(login);
        var said = await rig.SayAsync($"MAIL FROM:<{sender}>\r\nRCPT TO:<r@b.example>\r\n");
        if (said.StartsWith("250", StringComparison.Ordinal))
        {
            said = await rig.SayAsync($"DATA\r\n{header}\r\nbody\r\n.\r\n");
            said = said[(said.IndexOf('\n', StringComparison.Ordinal) + 1)..];
        }

        Assert.That(said, Does.StartWith(reply));
        Assert.That(rig.Store.Count, Is.EqualTo(placed is null ? 0 : 1));
        if (placed is not null)
        {
            var kept = rig.Store.Next();
            Assert.That($"{kept.Envelope.Stream} {kept.Envelope.Pool}{(kept.IsHeld ? " held" : string.Empty)}", Is.EqualTo(placed));
            Assert.That(kept.Head, Does.Not.Contain("X-Engine"));
        }
        else
        {
            Assert.That(rig.Events.All, Has.Some.Matches<Event>(line => line.Kind is EventKind.Rejected));
        }
    }

    [Test]
    public async Task The_envelope_holds_all_of_it()
    {
        using var rig = await new DialogueRig("submission").GreetAsync("acme/app");
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        _ = await rig.SayAsync("MAIL FROM:<a@acme.example> RET=HDRS ENVID=env+2B1 BODY=8BITMIME\r\nRCPT TO:<\"x y\"@b.example> NOTIFY=NEVER\r\nRCPT TO:<R@c.example> NOTIFY=FAILURE,DELAY ORCPT=rfc822;q@c.example\r\n");
        var said = await rig.SayAsync("DATA\r\nFrom: A <a@acme.example>\r\nMessage-ID: <m@acme.example>\r\nDate: x\r\nX-Engine-Campaign: spring\r\nX-Engine-Tag: t1\r\nX-Engine-Stream: otp\r\nX-Engine-Send-At: 2026-11-22T09:00:00Z\r\nX-Engine-Give-Up: 10m\r\n\r\nb\u00e9\r\n.\r\n");

        var (envelope, head, body, _) = rig.Store.Next();
        Assert.That(said, Is.EqualTo($"354 End with CRLF.CRLF\r\n250 2.0.0 {envelope.Id} queued\r\n"));
        Assert.That(envelope.Recipients.Select(recipient => $"{recipient.Address} {recipient.Notify} {recipient.OriginalRecipient}"), Is.EqualTo(new[] { "\"x y\"@b.example Never ", "R@c.example Failure, Delay rfc822;q@c.example" }));
        Assert.That((envelope.Sender.ToString(), envelope.Account, envelope.Stream, envelope.Class, envelope.Campaign), Is.EqualTo(("a@acme.example", "acme", "otp", StreamClass.Transactional, "spring")));
        Assert.That((envelope.Return, envelope.EnvelopeId, envelope.Needs), Is.EqualTo((ReturnContent.Headers, "env+2B1", BodyNeeds.EightBit)));
        Assert.That((envelope.HeaderFrom.Name, envelope.HeaderMessageId, envelope.Client, envelope.Credential), Is.EqualTo(("acme.example", "m@acme.example", "127.0.0.1", "acme/app")));
        Assert.That(envelope.Accepted, Is.EqualTo(rig.Clock.GetUtcNow()));
        Assert.That((envelope.NotBefore.Hour, envelope.GiveUp - envelope.NotBefore), Is.EqualTo((9, (TimeSpan?)TimeSpan.FromMinutes(10))));
        Assert.That(envelope.Tags, Is.EqualTo(new[] { "t1" }));
        Assert.That(head, Does.StartWith("Received: from client.example ([192.0.2.1])\r\n\tby mta1.example.com with ESMTPA id ").And.EndWith("\r\n\r\n").And.Not.Contain("for <"));
        Assert.That(body, Is.EqualTo("b\u00e9\r\n"));
        Assert.That(rig.Sealer.Body, Is.EqualTo(body), "what a signer hashes is what is stored");
        Assert.That(rig.Events.Lines, Is.EqualTo(new[] { "Accepted 250 \"x y\"@b.example", "Accepted 250 R@c.example" }));
    }

    [Test]
    public async Task A_time_in_the_past_means_now_and_the_stream_s_give_up_counts_from_then()
    {
        using var rig = await new DialogueRig("submission").GreetAsync("acme/otp");
        _ = await rig.SendAsync("From: a@acme.example\r\nX-Engine-Send-At: 2020-01-01T00:00:00Z\r\n\r\nx");

        var envelope = rig.Store.Next().Envelope;
        Assert.That(envelope.NotBefore, Is.EqualTo(envelope.Accepted));
        Assert.That(envelope.GiveUp, Is.EqualTo(envelope.Accepted + TimeSpan.FromMinutes(15)));
    }

    [Test]
    public async Task Without_a_login_any_sender_passes_but_no_engine_field()
    {
        using var rig = await new DialogueRig().GreetAsync();

        Assert.That(await rig.SendAsync("From: x@y.example\r\n\r\nx"), Does.Contain("250 2.0.0"));
        Assert.That(await rig.SendAsync("From: x@y.example\r\nX-Engine-Tag: t\r\n\r\nx"), Does.Contain("550 5.6.0 X-Engine-Tag needs a login"));
        var envelope = rig.Store.Next().Envelope;
        Assert.That((envelope.Account, envelope.Stream, envelope.Class, envelope.Credential), Is.EqualTo(("local", string.Empty, StreamClass.Transactional, string.Empty)));
    }

    [TestCase("BODY=7BIT", "From: a@acme.example\r\n\r\nx", BodyNeeds.None)]
    [TestCase("BODY=7BIT", "From: a@acme.example\r\n\r\n\u00e9", BodyNeeds.EightBit)]
    [TestCase("", "From: a@acme.example\r\nSubject: \u00e9\r\n\r\nx", BodyNeeds.EightBit, Description = "raw octets in a header are an old habit")]
    [TestCase("SMTPUTF8", "From: a@acme.example\r\nSubject: \u00e9\r\n\r\nx", BodyNeeds.EightBit | BodyNeeds.SmtpUtf8)]
    [TestCase("SMTPUTF8", "From: a@acme.example\r\n\r\nx", BodyNeeds.None)]
    public async Task What_the_next_server_must_offer(string parameter, string content, BodyNeeds needs)
    {
        using var rig = await new DialogueRig().GreetAsync();
        _ = await rig.SayAsync($"MAIL FROM:<a@acme.example> {parameter}\r\nRCPT TO:<r@b.example>\r\nDATA\r\n{content}\r\n.\r\n");

        Assert.That(rig.Store.Next().Envelope.Needs, Is.EqualTo(needs));
    }

    [Test]
    public async Task A_full_queue_is_said_at_mail_at_data_and_behind_the_content()
    {
        using var rig = await new DialogueRig().GreetAsync();
        rig.Store.Refusal = "disk nearly full";
        Assert.That(await rig.SayAsync("MAIL FROM:<>\r\n"), Is.EqualTo("452 4.3.1 disk nearly full\r\n"));
        rig.Store.Refusal = null;
        _ = await rig.SayAsync("MAIL FROM:<>\r\nRCPT TO:<r@b.example>\r\n");
        rig.Store.Refusal = "disk nearly full";
        Assert.That(await rig.SayAsync("DATA\r\n"), Is.EqualTo("452 4.3.1 disk nearly full\r\n"));
        rig.Store.Refusal = null;
        _ = await rig.SayAsync("DATA\r\n");
        rig.Store.Refusal = "disk nearly full";
        Assert.That(await rig.SayAsync("From: a@b.example\r\n\r\nx\r\n.\r\n"), Is.EqualTo("452 4.3.1 disk nearly full\r\n"));
        rig.Store.Refusal = null;
        Assert.That(await rig.SendAsync("From: a@acme.example\r\n\r\nx"), Does.Contain("250 2.0.0"));
    }

    [Test]
    public async Task Chunks_make_one_message_and_a_last_line_gets_its_end()
    {
        const string Content = "From: a@acme.example\r\n\r\n.one\r\n.\r\ntwo";
        for (var cut = 0; cut <= Content.Length; cut++)
        {
            using var rig = await new DialogueRig().GreetAsync();
            var said = await rig.SayAsync($"MAIL FROM:<>\r\nRCPT TO:<r@b.example>\r\nBDAT {cut}\r\n{Content[..cut]}BDAT {Content.Length - cut} LAST\r\n{Content[cut..]}NOOP\r\n");

            Assert.That(said, Does.Contain($"250 2.0.0 {cut} octets received\r\n").And.Contain(" queued\r\n250 2.0.0 Ok\r\n"));
            Assert.That(rig.Store.Next().Body, Is.EqualTo(".one\r\n.\r\ntwo\r\n"));
        }
    }

    [Test]
    public async Task A_chunk_that_is_refused_is_skipped()
    {
        using var rig = await new DialogueRig().GreetAsync();

        Assert.That(await rig.SayAsync("BDAT 9 LAST\r\nQUIT\r\nabcNOOP\r\n"), Is.EqualTo("503 5.5.1 Not at this point of the dialogue\r\n250 2.0.0 Ok\r\n"));
        var said = await rig.SayAsync("MAIL FROM:<>\r\nRCPT TO:<r@b.example>\r\nBDAT 12\r\nSubject: x\r\nBDAT 5 LAST\r\n\r\nabc");
        Assert.That(said, Does.Contain("250 2.0.0 12 octets").And.Contain("550 5.6.0 The header needs one From"));
        said = await rig.SayAsync("MAIL FROM:<>\r\nRCPT TO:<r@b.example>\r\nBDAT 14\r\nSubject: x\r\n\r\nBDAT 3 LAST\r\nabcNOOP\r\n");
        Assert.That(said, Does.Contain("550 5.6.0 The header needs one From").And.Contain("503 5.5.1").And.EndWith("250 2.0.0 Ok\r\n"));
        Assert.That(rig.Store.Count, Is.Zero);
    }

    [Test]
    public async Task Content_that_is_far_too_big_is_not_read_to_the_end()
    {
        var options = Sample.Options;
        using var rig = await new DialogueRig(options: options with { Queue = options.Queue with { MaxMessageSize = ByteSize.KiB(64) } }).GreetAsync();
        _ = await rig.SayAsync("MAIL FROM:<>\r\nRCPT TO:<r@b.example>\r\nDATA\r\nFrom: a@b.example\r\n\r\n");
        var block = string.Concat(Enumerable.Repeat("0123456789012345678901234567890123456789012345678901234567890\r\n", 1_024));
        var said = string.Empty;
        for (var round = 0; round < 100 && !rig.IsClosed; round++)
        {
            said = await rig.SayAsync(block);
        }

        Assert.That(said, Is.EqualTo("552 5.3.4 Message too big\r\n"));
        Assert.That(rig.Blocks.Used, Is.Zero);
    }

    [Test]
    public async Task When_memory_for_content_is_used_up_new_content_waits()
    {
        using var rig = await new DialogueRig(memory: 4 * Block.Size).GreetAsync();
        Assert.That(rig.Blocks.TryReserve((4 * Block.Size) - 100), Is.True);
        Assert.That(await rig.SayAsync("MAIL FROM:<>\r\n"), Does.StartWith("452 4.3.1"));
        rig.Blocks.Release((4 * Block.Size) - 100);

        Assert.That(await rig.SendAsync("From: a@acme.example\r\n\r\nx"), Does.Contain("250 2.0.0"));
    }

    [TestCase("10.0.0.0/8", "10.1.2.3", true)]
    [TestCase("10.1.2.3/8", "10.9.9.9", true, Description = "bits behind the prefix are ignored")]
    [TestCase("10.0.0.0/8", "11.0.0.1", false)]
    [TestCase("192.0.2.7", "192.0.2.7", true)]
    [TestCase("192.0.2.7", "192.0.2.8", false)]
    [TestCase("0.0.0.0/0", "8.8.8.8", true)]
    [TestCase("2001:db8::/33", "2001:db8:7fff::1", true)]
    [TestCase("2001:db8::/33", "2001:db8:8000::1", false)]
    [TestCase("10.0.0.0/8", "::ffff:10.0.0.1", true)]
    [TestCase("10.0.0.0/33", "10.0.0.1", false)]
    [TestCase("nonsense", "10.0.0.1", false)]
    public void A_network_holds_an_address(string network, string address, bool holds) =>
        Assert.That(new NetworkSet([network]).Contains(IPAddress.Parse(address)), Is.EqualTo(holds));
}
