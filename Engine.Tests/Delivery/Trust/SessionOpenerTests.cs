using System.Net;
using System.Security.Cryptography.X509Certificates;
using Engine.Configuration;
using Engine.Delivery.Dane;
using Engine.Delivery.Smtp;
using Engine.Delivery.Trust;
using Engine.Dns;
using Engine.Mail;
using Engine.Routing;
using Engine.Tests.Delivery.Smtp;
using Engine.Tests.Dns;
using Engine.Tests.Peers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Tests.Delivery.Trust;

/// <summary>Real handshakes on loopback: what is opened, what is passed over, and what is told of it.</summary>
internal sealed class SessionOpenerTests : IAsyncDisposable
{
    private static readonly TlsRequirement Enforce = new() { Sts = StsMode.Enforce, MxPatterns = ["*.example"] };

    private static readonly TlsRequirement Testing = new() { Sts = StsMode.Testing, MxPatterns = ["*.example"] };

    private readonly Authority _root = Authority.Root();
    private readonly Authority _middle;
    private readonly TrustRig _rig = new();

    public SessionOpenerTests()
    {
        _middle = _root.Below();
        _rig.Root = _root.Certificate;
    }

    [Test]
    public async Task A_certificate_for_the_name_by_a_root_of_ours_is_verified()
    {
        await using var peer = Peer(_middle.Issue(["mx.example"]));

        Assert.That(await _rig.TryAsync(peer.Guard, Enforce, TlsWish.Usual, ("mx.example", peer.Port)), Is.EqualTo("mx.example Sts"));
        Assert.That(_rig.Told.Text, Is.EqualTo("Sts None"));
        Assert.That(peer.Names, Is.EqualTo(new[] { "mx.example" }), "SNI");
        var told = _rig.Told.All.Single();
        Assert.That((told.Domain.Name, told.Mx, told.Helo, told.ReceivingAddress), Is.EqualTo(("rcpt.example", "mx.example", "mx.example", IPAddress.Loopback)));
        Assert.That((string.Join('|', told.PolicyLines), string.Join('|', told.PolicyHosts)), Is.EqualTo(("version: STSv1|mode: enforce|mx: *.example", "*.example")));
    }

    [TestCase("other.example", 100, "Sts CertificateHostMismatch", "MTA-STS, mx.example [127.0.0.1]: the certificate is not for mx.example")]
    [TestCase("mx.example", -1, "Sts CertificateExpired", "past its dates")]
    public async Task Under_a_policy_that_is_enforced_nothing_less_is_taken(string name, int untilDays, string told, string text)
    {
        await using var peer = Peer(_middle.Issue([name], untilDays: untilDays));

        var failed = await _rig.TryAsync(peer.Guard, Enforce, TlsWish.Usual, ("mx.example", peer.Port));

        Assert.That(failed, Does.StartWith("Unreachable 4.7.5 ").And.Contains(text));
        Assert.That(_rig.Told.Text, Is.EqualTo(told));
        Assert.That(peer.Clear, Is.Zero);
    }

    [Test]
    public async Task A_common_name_is_no_name_with_a_policy()
    {
        await using var peer = Peer(_middle.Issue([], "mx.example"));

        Assert.That(await _rig.TryAsync(peer.Guard, Enforce, TlsWish.Usual, ("mx.example", peer.Port)), Does.Contain("the certificate is not for mx.example"));
    }

    [Test]
    public async Task A_stranger_is_not_trusted()
    {
        await using var peer = Peer(Authority.SelfSigned(["mx.example"]));

        Assert.That(await _rig.TryAsync(peer.Guard, Enforce, TlsWish.Usual, ("mx.example", peer.Port)), Does.Contain("not trusted"));
        Assert.That(_rig.Told.Text, Is.EqualTo("Sts CertificateNotTrusted"));
    }

    [Test]
    public async Task A_server_without_STARTTLS_gets_nothing_in_the_clear()
    {
        await using var peer = Peer(null);

        Assert.That(await _rig.TryAsync(peer.Guard, Enforce, TlsWish.Usual, ("mx.example", peer.Port)), Does.StartWith("Unreachable 4.7.5 MTA-STS, mx.example [127.0.0.1]: TLS is required"));
        Assert.That(_rig.Told.Text, Is.EqualTo("Sts StartTlsNotSupported"));
    }

    [Test]
    public async Task The_next_host_is_tried()
    {
        await using var bad = Peer(Authority.SelfSigned(["mx1.example"]));
        await using var good = Peer(_middle.Issue(["mx2.example"]));

        Assert.That(await _rig.TryAsync(good.Guard, Enforce, TlsWish.Usual, ("mx1.example", bad.Port), ("mx2.example", good.Port)), Is.EqualTo("mx2.example Sts"));
        Assert.That(_rig.Told.Text, Is.EqualTo("Sts CertificateNotTrusted, Sts None"));
    }

    [Test]
    public async Task A_host_that_the_policy_does_not_name_is_not_connected_to()
    {
        await using var peer = Peer(_middle.Issue(["mx.other"]));

        Assert.That(await _rig.TryAsync(peer.Guard, Enforce, TlsWish.Usual, ("mx.other", peer.Port)), Is.EqualTo("Unreachable 4.7.5 MTA-STS, mx.other [127.0.0.1]: the policy does not name this host"));
        Assert.That(_rig.Told.Text, Is.EqualTo("Sts ValidationFailure"));
        Assert.That((peer.Clear, peer.Secured), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task A_policy_in_testing_is_told_of_and_hinders_nobody()
    {
        await using var stranger = Peer(Authority.SelfSigned(["mx.example"]));
        await using var bare = Peer(null);
        await using var good = Peer(_middle.Issue(["mx.example"]));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await _rig.TryAsync(good.Guard, Testing, TlsWish.Usual, ("mx.example", stranger.Port)), Is.EqualTo("mx.example None"));
            Assert.That(await _rig.TryAsync(good.Guard, Testing, TlsWish.Usual, ("mx.example", bare.Port)), Is.EqualTo("mx.example clear"));
            Assert.That(await _rig.TryAsync(good.Guard, Testing, TlsWish.Usual, ("mx.example", good.Port)), Is.EqualTo("mx.example None"));
            Assert.That(await _rig.TryAsync(good.Guard, Testing, TlsWish.Usual, ("mx.other", good.Port)), Is.EqualTo("mx.other None"));
            Assert.That(_rig.Told.Text, Is.EqualTo("Sts CertificateNotTrusted, Sts StartTlsNotSupported, Sts None, Sts CertificateHostMismatch"));
        }
    }

    [Test]
    public async Task Without_a_policy_anybody_will_do()
    {
        await using var stranger = Peer(Authority.SelfSigned(["nobody.test"]));
        await using var bare = Peer(null);

        Assert.That(await _rig.TryAsync(bare.Guard, TlsRequirement.None, TlsWish.Usual, ("mx.example", stranger.Port)), Is.EqualTo("mx.example None"));
        Assert.That(await _rig.TryAsync(bare.Guard, TlsRequirement.None, TlsWish.Usual, ("mx2.example", bare.Port)), Is.EqualTo("mx2.example clear"));
        Assert.That(_rig.Told.Text, Is.EqualTo("None None, None StartTlsNotSupported"));
    }

    [Test]
    public async Task What_is_remembered_of_a_host_takes_nothing_from_a_demand()
    {
        _rig.Memory.Learn("mx.example", HostFaults.Tls);
        await using var peer = Peer(_middle.Issue(["mx.example"]));

        Assert.That(await _rig.TryAsync(peer.Guard, Enforce, TlsWish.Usual, ("mx.example", peer.Port)), Is.EqualTo("mx.example Sts"));
        _rig.Policy = TlsPolicy.Required;
        Assert.That(await _rig.TryAsync(peer.Guard, TlsRequirement.None, TlsWish.Usual, ("mx.example", peer.Port)), Is.EqualTo("mx.example None"));
        _rig.Policy = TlsPolicy.Opportunistic;
        Assert.That(await _rig.TryAsync(peer.Guard, TlsRequirement.None, TlsWish.Usual, ("mx.example", peer.Port)), Is.EqualTo("mx.example clear"));
    }

    [Test]
    public async Task An_idle_session_serves_no_demand_but_its_own()
    {
        await using var peer = Peer(_middle.Issue(["mx.example"]));
        await _rig.KeepAsync(await _rig.OpenAsync(peer.Guard, TlsRequirement.None, ("mx.example", peer.Port)));

        var verified = await _rig.OpenAsync(peer.Guard, Enforce, ("mx.example", peer.Port));
        Assert.That((verified.IsReused, verified.Session!.Tls!.Proof), Is.EqualTo((false, TlsProof.Sts)));
        await _rig.KeepAsync(verified);

        var again = await _rig.OpenAsync(peer.Guard, Enforce, ("mx.example", peer.Port));
        Assert.That((again.IsReused, again.Session!.Tls!.Proof), Is.EqualTo((true, TlsProof.Sts)));
        Assert.That(_rig.Told.All, Has.Count.EqualTo(2), "one result a session");
        await again.Session.DisposeAsync();
    }

    [Test]
    public async Task A_resumed_session_is_no_proof()
    {
        // The server hands out tickets; the first session took anybody.
        await using var peer = Peer(Authority.SelfSigned(["mx.example"]));

        Assert.That(await _rig.TryAsync(peer.Guard, TlsRequirement.None, TlsWish.Usual, ("mx.example", peer.Port)), Is.EqualTo("mx.example None"));
        Assert.That(await _rig.TryAsync(peer.Guard, Enforce, TlsWish.Usual, ("mx.example", peer.Port)), Does.StartWith("Unreachable 4.7.5"));
    }

    [TestCase(true, "Local  mx1.example is not used: no resolver answered about its TLSA records", "")]
    [TestCase(false, "Unreachable 4.7.5 DANE, mx1.example [127.0.0.1]: its TLSA records could not be looked up or validated", "Tlsa DnssecInvalid")]
    public async Task A_resolver_that_is_silent_is_no_fault_of_the_host(bool isSilent, string expected, string told)
    {
        using var nobody = PeerPort.Take();
        await using var broken = new ScriptedResolver(asked => asked.Code(ResponseCode.ServerFailure));
        await using var client = ClientOf(isSilent ? nobody.EndPoint.ToString() : broken.Address);
        await using var peer = Peer(_middle.Issue(["mx2.example"]));
        _rig.Dane = new DaneDesk(client);
        _rig.Addresses["mx1.example"] = new AddressAnswer(LookupStatus.Found, [IPAddress.Loopback], IsAuthentic: true, DateTimeOffset.MaxValue);
        var authentic = new TlsRequirement { IsMxAuthentic = true };

        Assert.That(await _rig.TryAsync(peer.Guard, authentic, TlsWish.Usual, ("mx1.example", peer.Port)), Is.EqualTo(expected));
        Assert.That((_rig.Told.Text, peer.Clear + peer.Secured), Is.EqualTo((told, 0)));
        Assert.That(await _rig.TryAsync(peer.Guard, authentic, TlsWish.Usual, ("mx1.example", peer.Port), ("mx2.example", 1)), Does.StartWith(isSilent ? "Local" : "Unreachable 4.4.1"), "the other host is down");
        Assert.That(await _rig.TryAsync(peer.Guard, authentic, TlsWish.Required, ("mx1.example", peer.Port)), Does.StartWith(isSilent ? "Local" : "Unreachable 4.7.5"));
        Assert.That(await _rig.TryAsync(peer.Guard, authentic, TlsWish.Usual, ("mx1.example", peer.Port), ("mx2.example", peer.Port)), Is.EqualTo("mx2.example None"), "the host is passed over");
    }

    [Test]
    public async Task REQUIRETLS_goes_where_it_is_offered_and_the_name_is_sure()
    {
        await using var lacking = Peer(_middle.Issue(["mx1.example"]));
        await using var offering = SecurePeer.Start(_middle.Issue(["mx2.example"]), [_middle.Certificate], "REQUIRETLS");

        Assert.That(await _rig.TryAsync(offering.Guard, Enforce, TlsWish.Required, ("mx1.example", lacking.Port), ("mx2.example", offering.Port)), Is.EqualTo("mx2.example Sts"));
        Assert.That(_rig.Told.Text, Is.EqualTo("Sts None, Sts None"), "that REQUIRETLS is not offered is no failure of TLS");
    }

    [Test]
    public async Task REQUIRETLS_that_no_host_can_do_comes_back()
    {
        await using var peer = Peer(_middle.Issue(["mx.example"]));

        Assert.That(await _rig.TryAsync(peer.Guard, Enforce, TlsWish.Required, ("mx.example", peer.Port)), Is.EqualTo("NotOffered 5.7.30 REQUIRETLS, mx.example [127.0.0.1]: the server does not offer REQUIRETLS"));
    }

    [TestCase("other.example", 100, "the certificate is not for mx.example")]
    [TestCase("mx.example", -1, "past its dates")]
    public async Task REQUIRETLS_waits_for_a_certificate_that_can_be_renewed(string name, int untilDays, string text)
    {
        await using var peer = SecurePeer.Start(_middle.Issue([name], untilDays: untilDays), [_middle.Certificate], "REQUIRETLS");

        Assert.That(await _rig.TryAsync(peer.Guard, Enforce, TlsWish.Required, ("mx.example", peer.Port)), Does.StartWith("Unreachable 4.7.5 REQUIRETLS").And.Contains(text));
    }

    [TestCase("250 mx.example", "TLS is required")]
    [TestCase("250-mx.example\r\n250 STARTTLS|454 4.7.0 later", "STARTTLS is refused: 454")]
    [TestCase("502 5.5.1 no|250 mx.example", "TLS is required")]
    public async Task REQUIRETLS_waits_where_the_refusal_came_in_the_clear(string replies, string text)
    {
        await using var peer = ScriptedPeer.Start(async talk =>
        {
            talk.Say("220 mx.example");
            foreach (var reply in replies.Split('|'))
            {
                await talk.ReadLineAsync();
                talk.Say(reply);
            }

            await talk.GoneAsync();
        });

        var opened = await _rig.OpenAsync(peer.Guard, Enforce, TlsWish.Required, ("mx.example", peer.Address.Port));

        Assert.That((opened.Failure, opened.Verdict.Enhanced, opened.IsOwnWish), Is.EqualTo((OutcomeKind.Unreachable, new EnhancedCode(4, 7, 5), true)));
        Assert.That(opened.Verdict.Text, Does.Contain(text));
    }

    [Test]
    public async Task REQUIRETLS_waits_where_EHLO_is_refused_within_TLS()
    {
        using var leaf = _middle.Issue(["mx.example"]);
        var context = System.Net.Security.SslStreamCertificateContext.Create(leaf, [_middle.Certificate], offline: true);
        await using var peer = ScriptedPeer.Start(async talk =>
        {
            talk.Say("220 mx.example");
            await talk.ReadLineAsync();
            talk.Say("250-mx.example\r\n250 STARTTLS");
            await talk.ReadLineAsync();
            talk.Say("220 Go");
            await talk.SecureAsync(context, static _ => { });
            await talk.ReadLineAsync();
            talk.Say("502 5.5.1 no");
            await talk.ReadLineAsync();
            talk.Say("250 mx.example");
            await talk.GoneAsync();
        });

        Assert.That(await _rig.TryAsync(peer.Guard, Enforce, TlsWish.Required, ("mx.example", peer.Address.Port)), Does.StartWith("Unreachable 4.7.5 REQUIRETLS").And.Contains("refuses EHLO within TLS"));
    }

    [Test]
    public async Task REQUIRETLS_waits_where_hosts_were_left_untried()
    {
        await using var peer = Peer(_middle.Issue(["mx.example"]));
        _rig.Addresses["six.example"] = new AddressAnswer(LookupStatus.Found, [System.Net.IPAddress.IPv6Loopback], IsAuthentic: false, DateTimeOffset.MaxValue);
        _rig.Addresses["none.example"] = new AddressAnswer(LookupStatus.NoData, [], IsAuthentic: false, DateTimeOffset.MaxValue);
        _rig.Family = AddressFamilyChoice.Ipv4Only;
        var many = Enumerable.Repeat(("mx.example", peer.Port), 8).ToArray();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await _rig.TryAsync(peer.Guard, Enforce, TlsWish.Required, ("mx.example", peer.Port), ("six.example", peer.Port)), Does.StartWith("Unreachable 4.7.5"), "of a family that is not used");
            Assert.That(await _rig.TryAsync(peer.Guard, Enforce, TlsWish.Required, ("mx.example", peer.Port), ("none.example", peer.Port)), Does.StartWith("Unreachable 4.7.5"), "without an address");
            Assert.That(await _rig.TryAsync(peer.Guard, Enforce, TlsWish.Required, [.. many, ("mx9.example", peer.Port)]), Does.StartWith("Unreachable 4.7.5"), "the ninth");
        }
    }

    [TestCase("421 4.7.0 not now")]
    [TestCase("554 5.7.1 go away")]
    public async Task A_refusal_before_TLS_is_nothing_of_the_own_wish(string greeting)
    {
        await using var peer = ScriptedPeer.Start(async talk =>
        {
            talk.Say(greeting);
            await talk.GoneAsync();
        });

        var opened = await _rig.OpenAsync(peer.Guard, Enforce, TlsWish.Required, ("mx.example", peer.Address.Port));

        Assert.That((opened.Failure, opened.IsOwnWish, opened.HasConnected), Is.EqualTo((OutcomeKind.Refused, false, true)));
    }

    [Test]
    public async Task REQUIRETLS_waits_where_a_host_could_not_be_reached()
    {
        await using var peer = Peer(_middle.Issue(["mx1.example"]));

        Assert.That(await _rig.TryAsync(peer.Guard, Enforce, TlsWish.Required, ("mx1.example", peer.Port), ("mx2.example", 1)), Does.StartWith("Unreachable 4.4.1"));
    }

    [Test]
    public async Task REQUIRETLS_comes_back_where_nobody_vouches_for_the_name()
    {
        await using var peer = SecurePeer.Start(_middle.Issue(["mx.example"]), [_middle.Certificate], "REQUIRETLS");

        Assert.That(await _rig.TryAsync(peer.Guard, TlsRequirement.None, TlsWish.Required, ("mx.example", peer.Port)), Does.StartWith("NotOffered 5.7.30").And.Contains("neither DNSSEC nor MTA-STS"));
        Assert.That(await _rig.TryAsync(peer.Guard, new TlsRequirement { IsMxAuthentic = true }, TlsWish.Required, ("mx.example", peer.Port)), Is.EqualTo("mx.example Pkix"));
    }

    [Test]
    public async Task TLS_Required_No_does_without_what_the_domain_asks()
    {
        await using var peer = Peer(null);

        Assert.That(await _rig.TryAsync(peer.Guard, Enforce, TlsWish.Optional, ("mx.example", peer.Port)), Is.EqualTo("mx.example clear"));
    }

    [TestCase(TlsPolicy.Verified, "Unreachable 4.7.5 TLS policy, mx.example [127.0.0.1]: the certificate is not trusted")]
    [TestCase(TlsPolicy.Required, "mx.example None")]
    public async Task Our_own_policy_can_ask_for_a_name(TlsPolicy policy, string expected)
    {
        _rig.Policy = policy;
        await using var peer = Peer(Authority.SelfSigned(["mx.example"]));

        Assert.That(await _rig.TryAsync(peer.Guard, TlsRequirement.None, TlsWish.Usual, ("mx.example", peer.Port)), Does.StartWith(expected));
    }

    public async ValueTask DisposeAsync()
    {
        await _rig.DisposeAsync();
        _middle.Dispose();
        _root.Dispose();
    }

    private static DnsClient ClientOf(string resolver) =>
        new(new DnsOptions { Servers = [resolver], TrustAd = true }, TimeProvider.System, new Random(1), NullLogger.Instance);

    private SecurePeer Peer(X509Certificate2? leaf) => SecurePeer.Start(leaf, [_middle.Certificate]);
}
