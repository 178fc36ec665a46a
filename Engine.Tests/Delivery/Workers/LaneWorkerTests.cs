using Engine.Configuration;
using Engine.Configuration.Providers;
using Engine.Mail;
using Engine.Queue;
using Engine.Routing;
using Engine.Tests.Delivery.Smtp;
using Engine.Tests.Delivery.Trust;
using Engine.Wire;

namespace Engine.Tests.Delivery.Workers;

/// <summary>A worker with a real queue and real connections: who ends up where.</summary>
[CancelAfter(60_000)]
internal sealed class LaneWorkerTests : IDisposable
{
    private readonly Authority _root = Authority.Root();

    [Test]
    public async Task Who_was_taken_out_is_put_back_when_the_head_cannot_be_renewed(CancellationToken stop)
    {
        await using var rig = await WorkerRig.StartAsync(Roots(), new ExchangerHost(10, "mx.test", null, 1), new ScriptedRenewal(static _ => Task.FromException<bool>(new IOException("the key cannot be read"))));
        rig.Suppressed.Names.Add("b@one.test");

        var slots = await rig.AddAsync(BodyNeeds.None, stop, "a@one.test", "b@one.test");
        await rig.RunAsync(stop);

        Assert.That(slots.Select(rig.StateOf), Is.All.EqualTo(RecipientState.Waiting));
    }

    [Test]
    public async Task A_worker_that_leaves_strands_nobody_whose_message_is_being_read(CancellationToken stop)
    {
        // Every content is cut off; the third ends the worker, while the fourth message is still being made ready.
        await using var peer = ScriptedPeer.Start(async talk =>
        {
            talk.Say("220 mx.test");
            await talk.ReadLineAsync();
            talk.Say("250-mx.test\r\n250 PIPELINING");
            while (await talk.ReadLineAsync() is { } line and not "DATA")
            {
                talk.Say("250 Ok");
            }

            talk.Say("354 Go");
            await talk.ReadContentAsync();
        });
        var fourth = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var rig = await WorkerRig.StartAsync(Roots(), new ExchangerHost(10, "mx.test", null, peer.Address.Port), new ScriptedRenewal(call => call == 4 ? fourth.Task : Task.FromResult(true)));
        var slots = new List<int>();
        for (var count = 0; count < 4; count++)
        {
            slots.AddRange(await rig.AddAsync(BodyNeeds.None, stop, "a@one.test"));
        }

        var running = rig.RunAsync(stop);
        for (var count = 0; count < 3; count++)
        {
            await rig.AttemptAsync(stop);
        }

        while (rig.Lane.Failures == 0)
        {
            stop.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        fourth.SetResult(true);
        await running;

        Assert.That((rig.Lane.Failures, rig.StateOf(slots[3])), Is.EqualTo((1, RecipientState.Ready)), "due again");
    }

    [Test]
    public async Task A_host_vouched_for_towards_one_domain_gets_no_REQUIRETLS_mail_of_another(CancellationToken stop)
    {
        using var leaf = _root.Issue(["evil.test"]);
        await using var peer = TakingPeer.Start(leaf, _root.Certificate, "REQUIRETLS");
        await using var rig = await WorkerRig.StartAsync(Roots(), new ExchangerHost(10, "evil.test", null, peer.Port));

        var own = await rig.AddAsync(BodyNeeds.RequireTls, stop, "a@evil.test", "b@victim.test");
        var other = await rig.AddAsync(BodyNeeds.RequireTls, stop, "c@victim.test");
        await rig.RunAsync(stop);

        Assert.That(await rig.AttemptAsync(stop), Is.EqualTo(new Dictionary<int, OutcomeKind> { [own[0]] = OutcomeKind.Delivered }));
        Assert.That(await rig.AttemptAsync(stop), Is.EqualTo(new Dictionary<int, OutcomeKind> { [other[0]] = OutcomeKind.NotOffered }));
        Assert.That(rig.StateOf(own[1]), Is.EqualTo(RecipientState.Ready), "it goes by itself");
        Assert.That(peer.Taken, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task The_other_way_round_nobody_comes_back_for_the_domain_of_another(CancellationToken stop)
    {
        using var leaf = _root.Issue(["mx.test"]);
        await using var peer = TakingPeer.Start(leaf, _root.Certificate, "REQUIRETLS");
        await using var rig = await WorkerRig.StartAsync(Roots(), new ExchangerHost(10, "mx.test", null, peer.Port));

        var unsure = await rig.AddAsync(BodyNeeds.RequireTls, stop, "a@other.test", "b@mx.test");
        await rig.AddAsync(BodyNeeds.RequireTls, stop, "c@mx.test");
        await rig.RunAsync(stop);

        Assert.That(await rig.AttemptAsync(stop), Is.EqualTo(new Dictionary<int, OutcomeKind> { [unsure[0]] = OutcomeKind.NotOffered }));
        Assert.That((await rig.AttemptAsync(stop)).Values, Is.EqualTo(new[] { OutcomeKind.Delivered }));
        Assert.That(rig.StateOf(unsure[1]), Is.EqualTo(RecipientState.Ready));
    }

    [Test]
    public async Task A_host_that_an_operator_wrote_is_sure_for_every_domain(CancellationToken stop)
    {
        using var leaf = _root.Issue(["smart.test"]);
        await using var peer = TakingPeer.Start(leaf, _root.Certificate, "REQUIRETLS");
        await using var rig = await WorkerRig.StartAsync(Roots(), new ExchangerHost(0, "smart.test", null, peer.Port) { IsWritten = true });

        await rig.AddAsync(BodyNeeds.RequireTls, stop, "a@one.test");
        await rig.AddAsync(BodyNeeds.RequireTls, stop, "b@two.test");
        await rig.RunAsync(stop);

        Assert.That(peer.Taken.Select(mail => mail.Connection), Is.EqualTo(new[] { 1, 1 }), "judged anew, and found good");
    }

    [Test]
    public async Task Mail_that_a_host_cannot_take_does_not_knock_for_ever(CancellationToken stop)
    {
        using var leaf = _root.Issue(["mx.test"]);
        await using var peer = TakingPeer.Start(leaf, _root.Certificate, "SIZE");
        await using var rig = await WorkerRig.StartAsync(Roots(), new ExchangerHost(10, "mx.test", null, peer.Port));
        for (var count = 0; count < 4; count++)
        {
            await rig.AddAsync(BodyNeeds.RequireTls, stop, "a@mx.test");
        }

        await rig.RunAsync(stop);

        for (var count = 0; count < 3; count++)
        {
            Assert.That((await rig.AttemptAsync(stop)).Values, Is.EqualTo(new[] { OutcomeKind.NotOffered }));
        }

        Assert.That((peer.Connections, rig.Counted, rig.Lane.Failures), Is.EqualTo((3, 3, 1)));
    }

    [Test]
    public async Task A_refusal_that_is_not_about_TLS_pauses_the_lane_whatever_the_mail_asks(CancellationToken stop)
    {
        await using var peer = ScriptedPeer.Start(async talk =>
        {
            talk.Say("421 4.7.0 not now");
            await talk.FlushAsync();
        });
        await using var rig = await WorkerRig.StartAsync(Roots(), new ExchangerHost(10, "mx.test", null, peer.Address.Port));

        await rig.AddAsync(BodyNeeds.RequireTls, stop, "a@mx.test");
        await rig.RunAsync(stop);

        Assert.That(rig.Lane.Failures, Is.EqualTo(1));
    }

    [TestCase("policy", 2)]
    [TestCase("receiver", 2)]
    [TestCase("same", 1)]
    public async Task An_open_session_serves_no_more_than_it_was_opened_under(string change, int connection, CancellationToken stop)
    {
        using var leaf = _root.Issue(["mx.test"]);
        await using var peer = TakingPeer.Start(leaf, _root.Certificate, "SIZE");
        await using var rig = await WorkerRig.StartAsync(Roots(), new ExchangerHost(10, "mx.test", null, peer.Port));
        var asked = 0;
        rig.MayGo = () =>
        {
            // The second is loaded while the first is on its way.
            if (++asked == 2)
            {
                Change(rig, change);
            }

            return true;
        };
        for (var count = 0; count < 3; count++)
        {
            await rig.AddAsync(BodyNeeds.None, stop, "a@one.test");
        }

        await rig.RunAsync(stop);

        Assert.That(peer.Taken.Select(mail => mail.Connection), Is.EqualTo(new[] { 1, connection, connection }));
    }

    public void Dispose() => _root.Dispose();

    private static void Change(WorkerRig rig, string change)
    {
        if (change is "receiver")
        {
            rig.Terms.Take(new FlowAction(FlowOperation.RequireTls, default, TimeSpan.FromHours(1), 0, 0), rig.Lane.Destination.Operator);
            return;
        }

        rig.Parts.Needs = rig.Parts.Needs with { Tls = change is "policy" ? TlsPolicy.Required : TlsPolicy.Opportunistic };
    }

    private TrustedRoots Roots() => new([System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificate(_root.Certificate.RawData)]);
}
