using System.Diagnostics;
using System.Globalization;
using Engine.Configuration;
using Engine.Tests.Submission;

namespace Engine.Tests.Peers;

/// <summary>swaks and openssl, as operators use them, against our submission server.</summary>
[CancelAfter(120_000)]
internal sealed class SwaksTests
{
    [TestCase("PLAIN")]
    [TestCase("LOGIN")]
    public async Task Swaks_logs_in(string mechanism, CancellationToken stop)
    {
        await using var rig = await ServerRig.StartAsync();
        var said = await SwaksAsync(rig, stop, "--auth", mechanism, "--auth-user", "acme/app", "--auth-password", Sample.Password);

        Assert.That(said, Does.Contain("235 2.7.0").And.Contain("queued"));
        var kept = await rig.Store.TakeAsync();
        Assert.That((kept.Envelope.Account, kept.Envelope.Credential), Is.EqualTo(("acme", "acme/app")));
        Assert.That(kept.Head, Does.Contain("with ESMTPA"));
    }

    [Test]
    public async Task Swaks_logs_in_under_starttls(CancellationToken stop)
    {
        await using var rig = await ServerRig.StartAsync(ServerRig.With(new ListenerOptions { Bind = ["127.0.0.1:0"] }), hasCertificate: true);
        var said = await SwaksAsync(rig, stop, "--tls", "--auth", "PLAIN", "--auth-user", "acme/app", "--auth-password", Sample.Password);

        Assert.That(said, Does.Contain("TLS started").And.Contain("queued"));
        Assert.That((await rig.Store.TakeAsync()).Head, Does.Contain("with ESMTPSA").And.Contain("tls TLS_"));
    }

    [Test]
    public async Task Swaks_speaks_implicit_tls(CancellationToken stop)
    {
        await using var rig = await ServerRig.StartAsync(ServerRig.With(new ListenerOptions { Bind = ["127.0.0.1:0"], Tls = ListenerTls.Implicit }), hasCertificate: true);
        var said = await SwaksAsync(rig, stop, "--tls-on-connect", "--auth", "LOGIN", "--auth-user", "acme/app", "--auth-password", Sample.Password);

        Assert.That(said, Does.Contain("queued"));
    }

    [Test]
    public async Task Swaks_pipelines(CancellationToken stop)
    {
        await using var rig = await ServerRig.StartAsync(ServerRig.With(new ListenerOptions { Bind = ["127.0.0.1:0"], Auth = ListenerAuth.None, Tls = ListenerTls.Off }));
        var said = await SwaksAsync(rig, stop, "--pipeline", "--to", "r1@b.example,r2@c.example");

        Assert.That(said, Does.Contain("queued"));
        Assert.That((await rig.Store.TakeAsync()).Envelope.Recipients, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Swaks_is_told_of_a_wrong_password(CancellationToken stop)
    {
        await using var rig = await ServerRig.StartAsync();
        var said = await SwaksAsync(rig, stop, "--auth", "PLAIN", "--auth-user", "acme/app", "--auth-password", "wrong");

        Assert.That(said, Does.Contain("535 5.7.8"));
        Assert.That(rig.Store.Count, Is.Zero);
    }

    [Test]
    public async Task Openssl_makes_a_handshake(CancellationToken stop)
    {
        await using var rig = await ServerRig.StartAsync(ServerRig.With(new ListenerOptions { Bind = ["127.0.0.1:0"] }), hasCertificate: true);
        var port = rig.EndPoint().Port.ToString(CultureInfo.InvariantCulture);
        var said = await RunAsync("openssl", ["s_client", "-starttls", "smtp", "-crlf", "-ign_eof", "-connect", $"127.0.0.1:{port}"], "EHLO c\nQUIT\n", stop);

        Assert.That(said, Does.Contain("CN = mta1.example.com").And.Contain("TLSv1.3").And.Contain("250-AUTH PLAIN LOGIN").And.Contain("221 2.0.0"));
    }

    [Test]
    public async Task Smtp_source_of_postfix_sends_over_ten_sessions(CancellationToken stop)
    {
        await using var rig = await ServerRig.StartAsync();
        var said = await RunAsync("smtp-source", ["-s", "10", "-m", "200", "-l", "10240", "-f", "a@acme.example", "-t", "r@b.example", rig.EndPoint("local").ToString()], null, stop);

        Assert.That(said, Is.Empty, "it only speaks up when something is wrong");
        Assert.That(rig.Store.Count, Is.EqualTo(200));
    }

    private static Task<string> SwaksAsync(ServerRig rig, CancellationToken stop, params string[] arguments) =>
        RunAsync("swaks", ["--server", rig.EndPoint().ToString(), "--ehlo", "client.example", "--from", "a@acme.example", "--to", "r@b.example", .. arguments], null, stop);

    private static async Task<string> RunAsync(string program, string[] arguments, string? input, CancellationToken stop)
    {
        if (!(Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':').Any(folder => File.Exists(Path.Join(folder, program))))
        {
            Assert.Ignore($"{program} is not installed");
        }

        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        using var process = Process.Start(start)!;
        if (input is not null)
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), stop);
        }

        process.StandardInput.Close();
        var texts = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(stop), process.StandardError.ReadToEndAsync(stop));
        await process.WaitForExitAsync(stop);
        return string.Concat(texts);
    }
}
