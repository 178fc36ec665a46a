using System.Net;
using Engine.Configuration;
using Engine.Daemon;
using Engine.Demo;
using Engine.Dkim;
using Engine.Dkim.Rotation;
using Engine.Dns;
using Engine.Mail;
using Engine.Preflight.Rotation;
using Engine.Queue;

namespace Engine.Tests.Journeys;

/// <summary>Signing keys change while mail is on its way, through a real engine.</summary>
internal sealed class RotationJourneys
{
    private static readonly DomainName Sender = DomainName.Parse("demo.test");

    private EngineHost? _host;

    private RotationDesk Desk => _host!.Parts.Keys.Desk;

    [Test]
    public async Task Mail_queued_with_a_revoked_key_leaves_with_the_next_one_only()
    {
        await using var world = await StartAsync();
        var number = await world.SubmitAsync("reader@grey.test");
        await world.DeferredAsync(number);
        _host!.Overrides.Add(OverrideKey.PauseAll, "true", "test", "no attempt while DNS is changed");

        // Both keys are compromised: RSA and Ed25519.
        var after = await Desk.OrderAsync(new RotationOrder(Sender, "stolen") { IsEmergency = true }, CancellationToken.None);
        Assert.That(Standings(after), Is.EquivalentTo(new[] { "e1 Revoked", "r1 Revoked", "e Next", "r Next" }));
        var refused = await world.SubmitAsync(world.Write("Too early.\r\n", "reader@other.test"));
        Assert.That((refused.Kind, refused.Text), Is.Not.EqualTo((SubmitKind.Accepted, string.Empty)));
        Assert.That(refused.Text, Does.Contain("revoked"));

        // A restart must not let the old keys sign, nor the next ones before their time.
        await world.StopEngineAsync();
        await world.StartEngineAsync();
        Assert.That(_host!.Parts.Keys.Ring.For(Sender), Is.Empty);

        PublishNext(world);
        await Desk.OrderAsync(new RotationOrder(Sender, "stolen") { SwitchNow = true }, CancellationToken.None);
        Assert.That(_host.Parts.Keys.Ring.For(Sender), Has.Count.EqualTo(2));
        _host.Overrides.Remove(OverrideKey.PauseAll);
        await world.DeliveredAsync(number);

        var content = world.Content(number);
        Assert.That(DkimVerifier.Identities(System.Text.Encoding.UTF8.GetBytes(content)).Select(identity => identity.Selector), Is.EquivalentTo(Desk.Book.Of(Sender).Keys.Where(key => key.Standing is KeyStanding.Signing).Select(key => key.Selector)));
        AssertVerifies(world, content, 2);

        var fresh = await world.SubmitAsync("reader@other.test");
        await world.DeliveredAsync(fresh);
        AssertVerifies(world, world.Content(fresh), 2);
    }

    [Test]
    public async Task Mail_waits_without_an_attempt_while_no_key_may_sign()
    {
        await using var world = await StartAsync();
        var number = await world.SubmitAsync("reader@grey.test");
        await world.DeferredAsync(number);
        await Desk.OrderAsync(new RotationOrder(Sender, "stolen") { IsEmergency = true }, CancellationToken.None);

        // Attempts of the next seconds find no key and put the message back; the receiver, which would take it now, does not see it.
        await WhenAsync(() => Queued().Due > TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(20));
        Assert.That((Queued().State, Queued().Attempts), Is.EqualTo((RecipientState.Waiting, 1)));
        Assert.That(world.Receptions, Is.Empty);
    }

    [Test]
    public async Task A_next_key_signs_when_dns_shows_it_and_the_old_one_stays_good()
    {
        await using var world = await StartAsync();
        var old = await world.SubmitAsync("reader@other.test");
        await world.DeliveredAsync(old);
        await Desk.OrderAsync(new RotationOrder(Sender, "scheduled") { Kind = KeyKind.Rsa2048, Selector = "next" }, CancellationToken.None);
        await world.StopEngineAsync();

        PublishNext(world);
        await world.StartEngineAsync();
        Assert.That(_host!.Parts.Keys.Ring.For(Sender).Select(key => key.Selector), Is.EquivalentTo(new[] { "r1", "e1" }));
        await Desk.OrderAsync(new RotationOrder(Sender, "published") { Kind = KeyKind.Rsa2048 }, CancellationToken.None);
        Assert.That(Desk.Book.Of(Sender).Find("next")!.Standing, Is.EqualTo(KeyStanding.Signing));

        var fresh = await world.SubmitAsync("reader@other.test");
        await world.DeliveredAsync(fresh);
        Assert.That(world.Content(fresh), Does.Contain("s=next;").And.Contain("s=e1;").And.Not.Contain("s=r1;"));
        AssertVerifies(world, world.Content(fresh), 2);
        AssertVerifies(world, world.Content(old), 2);
    }

    private static IEnumerable<string> Standings(DomainRotation rotation) => rotation.Keys.Select(static key => $"{(key.Selector.Length > 2 ? key.Selector[..1] : key.Selector)} {key.Standing}");

    private static void AssertVerifies(JourneyWorld world, string content, int signatures)
    {
        var verifier = new DkimVerifier(TimeProvider.System, identity => new DkimKeyAnswer(world.Names.Texts($"{identity.Selector}._domainkey.{identity.Domain}")));
        var results = verifier.Verify(System.Text.Encoding.UTF8.GetBytes(content));
        Assert.That(results, Has.Count.EqualTo(signatures));
        Assert.That(results.Select(result => result.Verdict), Is.All.EqualTo(DkimVerdict.Pass), string.Join("; ", results));
    }

    private static async Task WhenAsync(Func<bool> condition)
    {
        using var guard = new CancellationTokenSource(JourneyWorld.Patience, TimeProvider.System);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        while (!condition())
        {
            await timer.WaitForNextTickAsync(guard.Token);
        }
    }

    private async Task<JourneyWorld> StartAsync()
    {
        var world = await JourneyWorld.StartAsync(
            StartHostAsync,
            static _ =>
            [
                new ReceiverHouse(["grey.test"], new ReceiverScript { Hostname = "mx.grey.test", Greylist = TimeSpan.FromMilliseconds(500) }),
                new ReceiverHouse(["other.test"], new ReceiverScript { Hostname = "mx.other.test" }),
            ],
            static options => options with { Delivery = options.Delivery with { Retry = options.Delivery.Retry with { Greylist = RetrySchedule.Parse("10s x*") } } });
        world.Names.Add("demo.test", new DnsRecord.Name(RecordType.Ns, "ns.demo.test"));
        world.Names.Add("ns.demo.test", new DnsRecord.Address(IPAddress.Loopback));
        return world;
    }

    private async Task<IDemoEngine> StartHostAsync(Snapshot snapshot, TimeProvider clock, ILoggerFactory loggers, CancellationToken stop)
    {
        _host = await EngineHost.StartAsync(snapshot, clock, loggers, stop);
        _host.Parts.Keys.NameServerPort = IPEndPoint.Parse(snapshot.Options.Dns.Servers[0]).Port;
        return new HostedEngine(_host);
    }

    private QueuedRecipient Queued() => Enumerable.Range(0, 16).Select(_host!.Queue.Look).First(static recipient => recipient.State is not RecipientState.None);

    private static void PublishNext(JourneyWorld world)
    {
        var folder = new KeyFolder(world.Snapshot);
        foreach (var file in Directory.GetFiles(folder.Path, "demo.test.*.pem"))
        {
            var selector = Path.GetFileNameWithoutExtension(file)["demo.test.".Length..];
            if (world.Names.Texts($"{selector}._domainkey.demo.test").Count == 0)
            {
                world.Names.Add($"{selector}._domainkey.demo.test", new DnsRecord.Text(folder.RecordOf(Sender, selector, out _)!.Text));
            }
        }
    }
}
