using System.Text;
using Engine.Mail;
using Engine.Tests.Feedback.Reports;

namespace Engine.Tests.Submission;

[CancelAfter(60_000)]
internal sealed class FeedbackListenerTests
{
    [TestCase("127.0.0.1:0")]
    [TestCase("[::1]:0")]
    public async Task A_bounce_is_suppressed_before_it_is_answered(string bind, CancellationToken stop)
    {
        await using var rig = new InboundRig(bind);
        rig.Reports.Report = ReportRig.Saying(ReportRig.Bounce(ReportRig.Reader));
        await using var client = await rig.ConnectAsync(stop);
        _ = await client.AskAsync("MAIL FROM:<>");
        Assert.That(await client.AskAsync($"RCPT TO:<{rig.Reports.Address(rig.Reports.Token(TokenPurpose.Bounce))}>"), Does.StartWith("250 2.1.5"));
        Assert.That(await client.AskAsync("DATA"), Does.StartWith("354"));

        Assert.That(await client.AskAsync("From: mailer-daemon@b.example\r\n\r\n..sorry\r\n."), Is.EqualTo("250 2.0.0 Taken"));
        Assert.That(rig.Reports.List.Entries, Has.Count.EqualTo(1));
        Assert.That(await client.AskAsync("QUIT"), Does.StartWith("221"));
        Assert.That(rig.Blocks.Used, Is.Zero);
        Assert.That(rig.Store.Count, Is.Zero, "nothing entered the queue");
    }

    [Test]
    public async Task A_list_that_fails_is_the_senders_to_try_again(CancellationToken stop)
    {
        await using var rig = new InboundRig();
        rig.Reports.Report = ReportRig.Saying(ReportRig.Bounce(ReportRig.Reader));
        rig.Reports.List.Fault = new IOException("disk full");
        await using var client = await rig.ConnectAsync(stop);
        var mail = $"MAIL FROM:<>\r\nRCPT TO:<{rig.Reports.Address(rig.Reports.Token(TokenPurpose.Bounce))}>\r\nDATA\r\n";
        await client.SendAsync(mail);
        Assert.That(new[] { (await client.ReplyAsync())[..3], (await client.ReplyAsync())[..3], (await client.ReplyAsync())[..3] }, Is.EqualTo(new[] { "250", "250", "354" }));
        Assert.That(await client.AskAsync("From: x@b.example\r\n\r\n."), Does.StartWith("451 4.3.0"));
        Assert.That(rig.Reports.Events.All, Is.Empty);

        rig.Reports.List.Fault = null;
        await client.SendAsync(mail + "From: x@b.example\r\n\r\n.\r\n");
        Assert.That(new[] { (await client.ReplyAsync())[..3], (await client.ReplyAsync())[..3], (await client.ReplyAsync())[..3], await client.ReplyAsync() }, Is.EqualTo(new[] { "250", "250", "354", "250 2.0.0 Taken" }));
        Assert.That(rig.Reports.List.Entries, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Nothing_is_relayed_whoever_asks(CancellationToken stop)
    {
        await using var rig = new InboundRig();
        await using var client = await rig.ConnectAsync(stop);
        foreach (var sender in new[] { "", "a@acme.example", "postmaster@mta1.example.com" })
        {
            Assert.That(await client.AskAsync($"MAIL FROM:<{sender}>"), Does.StartWith("250"));
            Assert.That(await client.AskAsync("RCPT TO:<r@b.example>"), Does.StartWith("550 5.7.1"));
            Assert.That(await client.AskAsync("DATA"), Does.StartWith("554"));
            _ = await client.AskAsync("RSET");
        }

        Assert.That(rig.Reports.Events.All, Is.Empty, "a scan of the internet is not a line each");
    }

    [Test]
    public async Task Of_a_large_bounce_the_front_is_read_and_the_rest_dropped(CancellationToken stop)
    {
        await using var rig = new InboundRig();
        await using var client = await rig.ConnectAsync(stop);
        _ = await client.AskAsync("MAIL FROM:<>");
        _ = await client.AskAsync($"RCPT TO:<{rig.Reports.Address(rig.Reports.Token(TokenPurpose.Bounce))}>");
        _ = await client.AskAsync("DATA");
        await client.SendAsync("From: x@b.example\r\nSubject: front\r\n\r\n");
        var line = Encoding.ASCII.GetBytes(new string('x', 998) + "\r\n");
        for (var sent = 0; sent < 5_000; sent++)
        {
            await client.SendAsync(line);
        }

        Assert.That(await client.AskAsync("."), Is.EqualTo("250 2.0.0 Taken"));
        var kept = rig.Reports.Shelf.List(1).Single();
        Assert.That(kept.Size, Is.InRange(1_000_000, 1_100_000));
        Assert.That(await File.ReadAllTextAsync(kept.File, stop), Does.Contain("Received: from mx.b.example ([127.0.0.1])").And.Contain("Subject: front"));
        Assert.That(rig.Blocks.Used, Is.Zero);
    }

    [Test]
    public async Task Mail_to_postmaster_is_forwarded_whole(CancellationToken stop)
    {
        await using var rig = new InboundRig();
        await using var client = await rig.ConnectAsync(stop);
        _ = await client.AskAsync("MAIL FROM:<somebody@b.example>");
        _ = await client.AskAsync("RCPT TO:<postmaster>");
        _ = await client.AskAsync("DATA");
        await client.SendAsync("From: somebody@b.example\r\n\r\n");
        var line = Encoding.ASCII.GetBytes(new string('x', 998) + "\r\n");
        for (var sent = 0; sent < 3_000; sent++)
        {
            await client.SendAsync(line);
        }

        Assert.That(await client.AskAsync("last line\r\n."), Is.EqualTo("250 2.0.0 Taken"));
        var text = Encoding.ASCII.GetString(rig.Reports.Intake.All.Single().Content.Span);
        Assert.That(text, Does.StartWith("X-Loop: feedback@mta1.example.com\r\nReceived: from mx.b.example ([127.0.0.1])\r\n\tby mta1.example.com with ESMTP id ").And.EndWith("last line\r\n"));
        Assert.That(text, Does.Contain("for <postmaster@mta1.example.com>;"));
        Assert.That(text, Has.Length.GreaterThan(3_000_000));
        Assert.That(rig.Blocks.Used, Is.Zero);
    }

    [Test]
    public async Task What_memory_does_not_hold_is_put_off(CancellationToken stop)
    {
        await using var rig = new InboundRig(memory: 2 << 20);
        await using var client = await rig.ConnectAsync(stop);
        _ = await client.AskAsync("MAIL FROM:<somebody@b.example>");
        _ = await client.AskAsync("RCPT TO:<postmaster>");
        _ = await client.AskAsync("DATA");
        await client.SendAsync("From: somebody@b.example\r\n\r\n");
        var line = Encoding.ASCII.GetBytes(new string('x', 998) + "\r\n");
        for (var sent = 0; sent < 3_000; sent++)
        {
            await client.SendAsync(line);
        }

        Assert.That(await client.AskAsync("."), Does.StartWith("452 4.3.1"));
        Assert.That((rig.Blocks.Used, rig.Reports.Intake.All.Count), Is.EqualTo((0L, 0)));
        Assert.That(await client.AskAsync("NOOP"), Does.StartWith("250"));
    }

    [Test]
    public async Task A_bare_line_end_ends_the_connection(CancellationToken stop)
    {
        await using var rig = new InboundRig();
        await using var client = await rig.ConnectAsync(stop);
        _ = await client.AskAsync("MAIL FROM:<>");
        _ = await client.AskAsync("RCPT TO:<postmaster>");
        _ = await client.AskAsync("DATA");
        await client.SendAsync("From: x@b.example\r\n\r\nx\n.\r\n");

        Assert.That(await client.ReplyAsync(), Does.StartWith("550 5.6.0"));
        Assert.That(await client.ReadToEndAsync(), Is.Empty);
    }

    [Test]
    public async Task The_third_connection_of_one_client_is_put_off(CancellationToken stop)
    {
        await using var rig = new InboundRig();
        await using var first = await rig.ConnectAsync(stop);
        await using var second = await rig.ConnectAsync(stop);
        await using var third = await ScriptedClient.ConnectAsync(rig.EndPoint, stop);

        Assert.That(await third.ReplyAsync(), Does.StartWith("421 4.7.0"));
    }

    [Test]
    public async Task Without_a_desk_a_feedback_listener_says_421(CancellationToken stop)
    {
        await using var rig = await ServerRig.StartAsync(ServerRig.With(new() { Bind = ["127.0.0.1:0"], Role = Engine.Configuration.ListenerRole.Feedback, Tls = Engine.Configuration.ListenerTls.Off }));
        await using var client = await ScriptedClient.ConnectAsync(rig.EndPoint(), stop);

        Assert.That(await client.ReplyAsync(), Does.StartWith("421 4.3.2"));
    }
}
