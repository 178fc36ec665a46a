using System.Runtime.Versioning;
using Engine.Demo;
using Engine.Tests.Journeys;

namespace Engine.Tests.Peers;

/// <summary>The whole engine hands what a receiver blocks to a full Postfix with Cyrus SASL: STARTTLS, AUTH, and signatures that hold at the far side.</summary>
[CancelAfter(120_000)]
[SupportedOSPlatform("linux")]
internal sealed class PostfixRelayTests
{
    private const string Settings = $$"""
        virtual_mailbox_domains = blocked.test
        smtpd_sasl_auth_enable = yes
        smtpd_sasl_path = smtpd
        smtpd_sasl_local_domain = {{PostfixPeer.Hostname}}
        smtpd_tls_security_level = may
        smtpd_tls_auth_only = yes
        smtpd_relay_restrictions = permit_sasl_authenticated, reject
        smtpd_recipient_restrictions = check_recipient_access inline:{ {gone@blocked.test = 550 5.1.1 No such user here} }
        smtpd_sasl_authenticated_header = yes
        """;

    private const string Verify = """
        import sys, dkim
        keys = dict(line.split(' ', 1) for line in open(sys.argv[1]).read().splitlines())
        def look(name, timeout=5):
            return keys.get((name if isinstance(name, str) else name.decode()).rstrip('.'), '').encode()
        message = open(sys.argv[2], 'rb').read().replace(b'\n', b'\r\n')
        verifier = dkim.DKIM(message)
        count = sum(1 for field in verifier.headers if field[0].lower() == b'dkim-signature')
        print(' '.join('pass' if verifier.verify(at, dnsfunc=look) else 'fail' for at in range(count)))
        """;

    [TestCase("PLAIN LOGIN")]
    [TestCase("LOGIN")]
    public async Task A_blocked_message_arrives_through_login_and_TLS_and_its_signatures_hold(string mechanisms, CancellationToken stop)
    {
        await using var postfix = await StartAsync(mechanisms, stop);
        await using var world = await RelayWorld.StartAsync(postfix.Port);

        await world.SubmitAsync("transactional", "reader@blocked.test");
        var relayed = (await world.EventsAsync(line => RelayWorld.Kind(line) == "relayed"))[0];
        await postfix.ArrivedAsync(1, stop);

        Assert.That((RelayWorld.Text(relayed, "relay"), relayed.GetProperty("tls").GetProperty("version").GetString()), Is.EqualTo(("backup", "1.3")));
        var mail = await File.ReadAllTextAsync(postfix.Mails[0], stop);
        Assert.That(mail, Does.Contain("(using TLSv1.3 with cipher").And.Contain("(Authenticated sender: engine"));
        Assert.That(await VerifyAsync(postfix, world.World.Names, stop), Is.EqualTo("pass pass"));
    }

    [Test]
    public async Task A_wrong_password_is_trouble_of_ours(CancellationToken stop)
    {
        await using var postfix = await StartAsync("PLAIN LOGIN", stop);
        await using var world = await RelayWorld.StartAsync(postfix.Port, static relay => relay with { User = "somebody" });

        await world.SubmitAsync("transactional", "reader@blocked.test");
        var alert = (await world.EventsAsync(line => RelayWorld.Kind(line) == "alert"))[0];
        var tries = await world.EventsAsync(line => RelayWorld.Kind(line) == "deferred", count: 2);
        await world.World.QueueAsync(static counts => counts.Queued == 1);

        Assert.That((RelayWorld.Text(alert, "rule"), alert.GetProperty("code").GetInt32()), Is.EqualTo(("relay.login", 535)));
        Assert.That(tries.Select(line => line.GetProperty("attempt").GetInt32()), Is.EqualTo([1, 2]));
        Assert.That((await world.EventsAsync()).Where(line => RelayWorld.Kind(line) is "bounced" or "relayed"), Is.Empty);
    }

    [Test]
    public async Task A_recipient_that_it_refuses_for_good_is_bounced_and_not_suppressed(CancellationToken stop)
    {
        await using var postfix = await StartAsync("PLAIN LOGIN", stop);
        await using var world = await RelayWorld.StartAsync(postfix.Port);

        await world.SubmitAsync("transactional", "gone@blocked.test");
        var bounced = (await world.EventsAsync(line => RelayWorld.Kind(line) == "bounced"))[0];
        await world.World.QueueAsync(static counts => counts.Queued == 0);

        Assert.That(
            (RelayWorld.Text(bounced, "relay"), bounced.GetProperty("code").GetInt32(), RelayWorld.Text(bounced, "disposition")),
            Is.EqualTo(("backup", 550, "fail")));
        Assert.That((await world.EventsAsync()).Where(line => RelayWorld.Kind(line) == "suppressed"), Is.Empty);
    }

    [Test]
    public async Task Without_a_login_it_does_not_take_us_and_nobody_is_bounced(CancellationToken stop)
    {
        await using var postfix = await StartAsync("PLAIN LOGIN", stop);
        await using var world = await RelayWorld.StartAsync(postfix.Port, static relay => relay with { User = null, PasswordFile = null });

        for (var number = 0; number < 3; number++)
        {
            await world.SubmitAsync("transactional", $"reader{number}@blocked.test");
        }

        await world.EventsAsync(line => RelayWorld.Kind(line) == "alert" && RelayWorld.Text(line, "rule") == "relay.login");
        await world.World.QueueAsync(static counts => counts.Queued == 3);
        Assert.That((await world.EventsAsync()).Where(line => RelayWorld.Kind(line) is "bounced" or "relayed"), Is.Empty);
    }

    private static Task<PostfixPeer> StartAsync(string mechanisms, CancellationToken stop)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Assert.Ignore("Postfix starts as root only.");
        }

        var passwords = PeerProcess.Find("saslpasswd2", "sasl2-bin");
        return PostfixPeer.StartAsync(
            Settings,
            stop,
            async home =>
            {
                var database = home.PathTo("sasldb2");

                // Debian's Postfix looks here; that of others goes by cyrus_sasl_config_path.
                Directory.CreateDirectory(home.PathTo("sasl"));
                home.Write("sasl/smtpd.conf", $"pwcheck_method: auxprop\nauxprop_plugin: sasldb\nmech_list: {mechanisms}\nsasldb_path: {database}\n");
                await File.AppendAllTextAsync(home.PathTo("main.cf"), $"cyrus_sasl_config_path = {home.PathTo("sasl")}\n", stop);
                var made = await PeerProcess.RunAsync(passwords, RelayPeer.Password, stop, "-p", "-c", "-f", database, "-u", PostfixPeer.Hostname, RelayPeer.User);
                Assert.That(made.ExitCode, Is.Zero, made.Error);
                var owned = await PeerProcess.RunAsync("/bin/chown", string.Empty, stop, "postfix", database);
                Assert.That(owned.ExitCode, Is.Zero, owned.Error);
            });
    }

    private static async Task<string> VerifyAsync(PostfixPeer postfix, DnsTable names, CancellationToken stop)
    {
        var python = PeerProcess.Find("python3", "python3-dkim");
        var zone = ((string[])["r1", "e1"]).Select(selector => $"{selector}._domainkey.{DemoPlan.SenderDomain}").Select(name => $"{name} {names.Texts(name)[0]}");
        var verified = await PeerProcess.RunAsync(
            python, string.Empty, stop, postfix.Home.Write("verify.py", Verify), postfix.Home.Write("zone", string.Join('\n', zone)), postfix.Mails[0]);
        return verified.ExitCode == 0 ? verified.Output.Trim() : verified.Error;
    }
}
