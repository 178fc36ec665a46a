using System.Net.Sockets;
using System.Text;
using Engine.Configuration;

namespace Engine.Tests.Submission;

[CancelAfter(60_000)]
internal sealed class SubmissionServerTests
{
    private const string Message = "From: a@acme.example\r\nSubject: x\r\n\r\n..body\r\n.\r\n";

    private static readonly ListenerOptions Open = new() { Bind = ["127.0.0.1:0"], Auth = ListenerAuth.None, Tls = ListenerTls.Off };

    private static readonly string Login = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0acme/app\0{Sample.Password}"));

    [Test]
    public async Task A_message_comes_in_and_is_answered_with_its_id(CancellationToken stop)
    {
        await using var rig = await ServerRig.StartAsync();
        await using var client = await rig.ConnectAsync(stop, "local");
        _ = await client.AskAsync("EHLO client.example");
        _ = await client.AskAsync("MAIL FROM:<a@acme.example>");
        _ = await client.AskAsync("RCPT TO:<r@b.example>");
        _ = await client.AskAsync("DATA");
        await client.SendAsync(Message);

        var reply = await client.ReplyAsync();
        var (envelope, head, body, _) = await rig.Store.TakeAsync();
        Assert.That(reply, Is.EqualTo($"250 2.0.0 {envelope.Id} queued"));
        Assert.That(head, Does.Match("^Received: from client.example \\(\\[127.0.0.1\\]\\)\r\n\tby mta1.example.com with ESMTP id [0-9a-z]{13}\r\n\tfor <r@b.example>;"));
        Assert.That(body, Is.EqualTo(".body\r\n"));
        Assert.That(await client.AskAsync("QUIT"), Does.StartWith("221"));
        Assert.That(await client.ReadToEndAsync(), Is.Empty);
        Assert.That(rig.Blocks.Used, Is.Zero);
    }

    [Test]
    public async Task A_pipelined_session_is_the_same_at_every_cut(CancellationToken stop)
    {
        await using var rig = await ServerRig.StartAsync();
        var octets = Encoding.Latin1.GetBytes($"EHLO c\r\nMAIL FROM:<a@acme.example>\r\nRCPT TO:<r@b.example>\r\nDATA\r\n{Message}MAIL FROM:<>\r\nRCPT TO:<x>\r\nRSET\r\nQUIT\r\n");
        for (var cut = 1; cut < octets.Length; cut++)
        {
            await using var client = await rig.ConnectAsync(stop, "local");
            await client.SendAsync(octets.AsMemory(0, cut));
            await client.SendAsync(octets.AsMemory(cut));

            var said = (await client.ReadToEndAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Where(line => line[3] == ' ').Select(line => line[..3]);
            Assert.That(string.Join(' ', said), Is.EqualTo("250 250 250 354 250 250 501 250 221"), $"cut at {cut}");
            Assert.That((await rig.Store.TakeAsync()).Body, Is.EqualTo(".body\r\n"));
        }
    }

    [Test]
    public async Task Replies_of_a_pipelined_group_leave_together(CancellationToken stop)
    {
        await using var rig = await ServerRig.StartAsync();
        await using var client = await rig.ConnectAsync(stop, "local");
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(rig.EndPoint("local"), stop);
        var buffer = new byte[4_096];
        _ = await socket.ReceiveAsync(buffer, stop);
        _ = await socket.SendAsync("EHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<r@b.example>\r\nDATA\r\n"u8.ToArray(), stop);
        var count = await socket.ReceiveAsync(buffer, stop);

        Assert.That(Encoding.ASCII.GetString(buffer, 0, count), Does.Contain("250 2.1.0").And.Contain("250 2.1.5").And.EndWith("354 End with CRLF.CRLF\r\n"));
    }

    [Test]
    public async Task Starttls_and_a_login_open_the_door(CancellationToken stop)
    {
        await using var rig = await ServerRig.StartAsync(ServerRig.With(new ListenerOptions { Bind = ["127.0.0.1:0"] }), hasCertificate: true);
        await using var client = await rig.ConnectAsync(stop);
        _ = await client.AskAsync("EHLO c");
        Assert.That(await client.AskAsync("MAIL FROM:<a@acme.example>"), Does.StartWith("530 5.7.0"));
        Assert.That(await client.AskAsync("STARTTLS"), Does.StartWith("220"));
        await client.SecureAsync();
        Assert.That(await client.AskAsync("MAIL FROM:<a@acme.example>"), Does.StartWith("503"), "what was said before the handshake is forgotten");
        _ = await client.AskAsync("EHLO c");
        Assert.That(await client.AskAsync($"AUTH PLAIN {Login}"), Does.StartWith("235 2.7.0"));
        await client.SendAsync($"MAIL FROM:<a@acme.example>\r\nRCPT TO:<r@b.example>\r\nDATA\r\n{Message}");
        for (var reply = 0; reply < 3; reply++)
        {
            _ = await client.ReplyAsync();
        }

        Assert.That(await client.ReplyAsync(), Does.StartWith("250 2.0.0"));
        Assert.That((await rig.Store.TakeAsync()).Head, Does.Match("with ESMTPSA id .*\r\n\tfor .*\r\n\ttls TLS_"));
    }

    [Test]
    public async Task Octets_behind_starttls_are_refused_and_the_connection_ends(CancellationToken stop)
    {
        await using var rig = await ServerRig.StartAsync(ServerRig.With(new ListenerOptions { Bind = ["127.0.0.1:0"] }), hasCertificate: true);
        await using var client = await rig.ConnectAsync(stop);
        await client.SendAsync("EHLO c\r\nSTARTTLS\r\nNOOP\r\n");
        _ = await client.ReplyAsync();

        Assert.That(await client.ReplyAsync(), Does.StartWith("503 5.5.1"));
        Assert.That(await client.ReadToEndAsync(), Is.Empty);
    }

    [Test]
    public async Task Implicit_tls_speaks_tls_from_the_first_octet(CancellationToken stop)
    {
        await using var rig = await ServerRig.StartAsync(ServerRig.With(new ListenerOptions { Bind = ["127.0.0.1:0"], Tls = ListenerTls.Implicit }), hasCertificate: true);
        await using var client = await ScriptedClient.ConnectAsync(rig.EndPoint(), stop);
        await client.SecureAsync();
        Assert.That(await client.ReplyAsync(), Does.StartWith("220"));
        await client.SendAsync("EHLO c\r\n");
        Assert.That(await client.ReplyAsync(), Does.StartWith("250"));
        Assert.That(await client.AskAsync("STARTTLS"), Does.StartWith("503"));
        Assert.That(await client.AskAsync("AUTH LOGIN"), Does.StartWith("334"));
        Assert.That(await client.AskAsync(Convert.ToBase64String("acme/app"u8)), Does.StartWith("334"));
        Assert.That(await client.AskAsync(Convert.ToBase64String(Encoding.UTF8.GetBytes(Sample.Password))), Does.StartWith("235"));
    }

    [Test]
    public async Task A_client_that_speaks_no_tls_is_dropped(CancellationToken stop)
    {
        await using var rig = await ServerRig.StartAsync(ServerRig.With(new ListenerOptions { Bind = ["127.0.0.1:0"], Tls = ListenerTls.Implicit }), hasCertificate: true);
        await using var client = await ScriptedClient.ConnectAsync(rig.EndPoint(), stop);
        await client.SendAsync("EHLO c\r\n");

        Assert.That(await client.ReadToEndAsync(), Does.Not.Contain("220"));
    }

    [Test]
    public async Task Three_wrong_logins_end_the_connection(CancellationToken stop)
    {
        var clock = new ManualClock();
        await using var rig = await ServerRig.StartAsync(clock: clock);
        await using var client = await rig.ConnectAsync(stop);
        _ = await client.AskAsync("EHLO c");
        Assert.That(await client.AskAsync("AUTH PLAIN AGEAYg=="), Does.StartWith("535 5.7.8"));
        Assert.That(await client.AskAsync("AUTH PLAIN AGEAYg=="), Does.StartWith("535 5.7.8"));
        await client.SendAsync("AUTH PLAIN AGEAYg==\r\n");
        await clock.WaitForTimerAsync(TimeSpan.FromSeconds(1));
        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.That(await client.ReplyAsync(), Does.StartWith("421 4.7.0"));
        client.EndSending();
        Assert.That(await client.ReadToEndAsync(), Is.Empty);
    }

    [Test]
    public async Task Connections_have_a_limit_and_a_place_that_is_given_up_is_free(CancellationToken stop)
    {
        await using var rig = await ServerRig.StartAsync(ServerRig.With(Open with { MaxConnectionsPerClient = 2 }));
        await using var first = await rig.ConnectAsync(stop);
        await using (var second = await rig.ConnectAsync(stop))
        {
            await using var third = await ScriptedClient.ConnectAsync(rig.EndPoint(), stop);
            Assert.That(await third.ReadToEndAsync(), Is.EqualTo("421 4.7.0 Too many connections\r\n"));
            _ = await second.AskAsync("QUIT");
            _ = await second.ReadToEndAsync();
        }

        // The place is free once the server has seen the end; until then it says 421.
        for (var reply = "421"; reply.StartsWith("421", StringComparison.Ordinal);)
        {
            await using var again = await ScriptedClient.ConnectAsync(rig.EndPoint(), stop);
            reply = await again.ReplyAsync();
        }
    }

    [Test]
    public async Task A_client_from_elsewhere_is_turned_away(CancellationToken stop)
    {
        await using var rig = await ServerRig.StartAsync(ServerRig.With(Open with { Clients = ["203.0.113.0/24"] }));
        await using var client = await ScriptedClient.ConnectAsync(rig.EndPoint(), stop);

        Assert.That(await client.ReadToEndAsync(), Is.EqualTo("554 5.7.1 Your address may not use this port\r\n"));
    }

    [Test]
    public async Task Silence_is_answered_with_421(CancellationToken stop)
    {
        var clock = new ManualClock();
        await using var rig = await ServerRig.StartAsync(clock: clock);
        await using var client = await rig.ConnectAsync(stop, "local");
        await clock.WaitForTimerAsync(TimeSpan.FromMinutes(5));
        clock.Advance(TimeSpan.FromMinutes(5));

        Assert.That(await client.ReplyAsync(), Is.EqualTo("421 4.4.2 Nothing was said for too long"));
    }

    [Test]
    public async Task Content_that_stalls_is_answered_with_421(CancellationToken stop)
    {
        var clock = new ManualClock();
        await using var rig = await ServerRig.StartAsync(clock: clock);
        await using var client = await rig.ConnectAsync(stop, "local");
        await client.SendAsync("EHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<r@b.example>\r\nDATA\r\n");
        for (var reply = 0; reply < 4; reply++)
        {
            _ = await client.ReplyAsync();
        }

        await clock.WaitForTimerAsync(TimeSpan.FromSeconds(60));
        clock.Advance(TimeSpan.FromSeconds(60));

        Assert.That(await client.ReplyAsync(), Is.EqualTo("421 4.4.2 The content came too slowly"));
        Assert.That(rig.Store.Count, Is.Zero);
    }

    [Test]
    public async Task Stopping_tells_idle_clients_and_finishes_content_that_has_begun(CancellationToken stop)
    {
        await using var rig = await ServerRig.StartAsync();
        await using var idle = await rig.ConnectAsync(stop, "local");
        await using var busy = await rig.ConnectAsync(stop, "local");
        await busy.SendAsync("EHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<r@b.example>\r\nDATA\r\n");
        for (var reply = 0; reply < 4; reply++)
        {
            _ = await busy.ReplyAsync();
        }

        var stopping = rig.Server.StopAsync(stop);
        Assert.That(await idle.ReplyAsync(), Is.EqualTo("421 4.3.2 Shutting down"));
        Assert.That(stopping.IsCompleted, Is.False);
        await busy.SendAsync(Message);
        Assert.That(await busy.ReplyAsync(), Does.StartWith("250 2.0.0"));
        Assert.That(await busy.ReplyAsync(), Is.EqualTo("421 4.3.2 Shutting down"));
        await stopping.WaitAsync(stop);
        Assert.That(rig.Store.Count, Is.EqualTo(1));
        Assert.That(async () => await ScriptedClient.ConnectAsync(rig.EndPoint("local"), stop), Throws.InstanceOf<Exception>());
    }

    [Test]
    public async Task Stopping_does_not_wait_for_a_guess_s_penalty(CancellationToken stop)
    {
        var clock = new ManualClock();
        await using var rig = await ServerRig.StartAsync(clock: clock);
        await using var client = await rig.ConnectAsync(stop);
        _ = await client.AskAsync("EHLO c");
        _ = await client.AskAsync("AUTH PLAIN AGEAYg==");
        _ = await client.AskAsync("AUTH PLAIN AGEAYg==");
        await client.SendAsync("AUTH PLAIN AGEAYg==\r\n");
        await clock.WaitForTimerAsync(TimeSpan.FromSeconds(1));
        await rig.Server.StopAsync(stop);

        Assert.That(await client.ReplyAsync(), Is.EqualTo("421 4.3.2 Shutting down"));
    }

    [Test]
    public async Task Stopping_does_not_wait_beyond_its_bound(CancellationToken stop)
    {
        await using var rig = await ServerRig.StartAsync();
        await using var busy = await rig.ConnectAsync(stop, "local");
        await busy.SendAsync("EHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<r@b.example>\r\nDATA\r\nhalf");
        for (var reply = 0; reply < 4; reply++)
        {
            _ = await busy.ReplyAsync();
        }

        using var bound = new CancellationTokenSource();
        var stopping = rig.Server.StopAsync(bound.Token);
        await bound.CancelAsync();
        await stopping.WaitAsync(stop);

        Assert.That(await busy.ReadToEndAsync(), Is.Empty);
        Assert.That(rig.Store.Count, Is.Zero);
    }

    [Test]
    public async Task A_message_that_is_not_stored_is_not_answered_250(CancellationToken stop)
    {
        await using var rig = await ServerRig.StartAsync();
        rig.Store.Commit = Task.FromException(new IOException("the disk is gone"));
        await using var client = await rig.ConnectAsync(stop, "local");
        await client.SendAsync($"EHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<r@b.example>\r\nDATA\r\n{Message}");
        var said = await client.ReadToEndAsync();

        Assert.That(said, Does.Contain("421 4.3.0 Local error").And.Not.Contain("queued"));
        Assert.That(rig.Events.All, Is.Empty);
    }

    [Test]
    public async Task The_reply_waits_for_the_commit(CancellationToken stop)
    {
        await using var rig = await ServerRig.StartAsync();
        var commit = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        rig.Store.Commit = commit.Task;
        await using var client = await rig.ConnectAsync(stop, "local");
        await client.SendAsync("EHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<r@b.example>\r\nDATA\r\n");
        for (var reply = 0; reply < 4; reply++)
        {
            _ = await client.ReplyAsync();
        }

        await client.SendAsync(Message + "NOOP\r\n");
        var last = client.ReplyAsync();
        Assert.That(rig.Store.Count, Is.Zero);
        Assert.That(last.IsCompleted, Is.False);
        commit.SetResult();
        Assert.That(await last, Does.StartWith("250 2.0.0").And.EndWith("queued"));
        Assert.That(await client.ReplyAsync(), Is.EqualTo("250 2.0.0 Ok"));
    }

    [Test]
    public async Task A_reload_binds_new_listeners_closes_old_ones_and_keeps_open_connections(CancellationToken stop)
    {
        await using var rig = await ServerRig.StartAsync(ServerRig.With(Open));
        await using var old = await rig.ConnectAsync(stop);
        var before = rig.EndPoint();
        rig.Current.Swap(new Snapshot(ServerRig.With(Open, "other")));

        await using (var other = await rig.ConnectAsync(stop, "other"))
        {
            Assert.That(await other.AskAsync("NOOP"), Does.StartWith("250"));
        }

        Assert.That(rig.Server.BoundEndPoints.Select(bound => bound.Name), Is.EqualTo(new[] { "other" }));
        Assert.That(async () => await ScriptedClient.ConnectAsync(before, stop), Throws.InstanceOf<SocketException>());
        Assert.That(await old.AskAsync("NOOP"), Does.StartWith("250"));
        _ = await old.AskAsync("EHLO c");
        Assert.That(await old.AskAsync("MAIL FROM:<>"), Does.StartWith("535"), "nobody may submit on a listener that is gone");
    }

    [Test]
    public async Task A_reload_keeps_a_listener_that_stays_and_a_certificate_that_cannot_be_replaced(CancellationToken stop)
    {
        await using var rig = await ServerRig.StartAsync(ServerRig.With(new ListenerOptions { Bind = ["127.0.0.1:0"] }), hasCertificate: true);
        var (before, options) = (rig.EndPoint(), rig.Current.Value.Options);
        rig.Current.Swap(new Snapshot(options with { Hostname = "mta1.example.com", Tls = new TlsOptions { Certificate = "gone.pem", Key = "gone.pem" } }));

        Assert.That(rig.EndPoint(), Is.EqualTo(before));
        await using var client = await rig.ConnectAsync(stop);
        _ = await client.AskAsync("EHLO c");
        Assert.That(await client.AskAsync("STARTTLS"), Does.StartWith("220"));
        await client.SecureAsync();
    }

    [Test]
    public async Task A_port_that_is_taken_refuses_the_start_and_leaves_nothing_bound(CancellationToken stop)
    {
        await using var first = await ServerRig.StartAsync(ServerRig.With(Open));
        var options = ServerRig.With(Open with { Bind = ["127.0.0.1:0", first.EndPoint().ToString()] });

        Assert.That(async () => await ServerRig.StartAsync(options).WaitAsync(stop), Throws.TypeOf<SocketException>());
    }
}
