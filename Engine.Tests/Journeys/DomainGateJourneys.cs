using System.Text.Json.Nodes;
using Engine.Admin;
using Engine.Configuration;
using Engine.Daemon;
using Engine.Demo;
using Engine.Dns;
using Engine.Mail;
using Engine.Preflight;
using Engine.Tests.Failures;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Tests.Journeys;

/// <summary>A real engine whose domain's key record goes and comes back.</summary>
[CancelAfter(240_000)]
internal sealed class DomainGateJourneys
{
    private const string KeyName = "r1._domainkey.demo.test";

    private static readonly DomainName Domain = DomainName.Parse("demo.test");

    private EngineHost? _host;

    [Test]
    public async Task A_domain_whose_key_is_gone_is_answered_451_its_mail_waits_over_a_restart_and_leaves_when_it_is_back(CancellationToken stop)
    {
        await using var world = await StartAsync(VerifyLevel.Required);
        _host!.Overrides.Add(OverrideKey.PauseAll, "true", "test", "so that mail is queued");
        var queued = await world.SubmitAsync("reader@strict.demo.test");
        var key = Unpublish(world);
        var report = await _host.Parts.Domains.CheckAsync(Domain, stop);
        _host.Overrides.Remove(OverrideKey.PauseAll);

        Assert.That(report.Reason, Is.EqualTo($"{KeyName}: no key record"));
        Assert.That((await world.SubmitAsync(world.Write("no\r\n", "reader@strict.demo.test"))).Text, Is.EqualTo(
            $"451 4.7.0 DNS does not let demo.test send: {KeyName}: no key record; see 'engine domain check demo.test'"));
        Assert.That(PauseTable.Reasons(world.Snapshot, [], FlowOfDemo(), "default", _host.Parts.Domains.Gate.Find(Domain)).Select(one => one.Key), Is.EqualTo(new[] { "domains.demo.test.verify" }));

        await world.StopEngineAsync();
        await world.StartEngineAsync();
        await world.QueueAsync(counts => counts.Queued == 1);
        await ParkedAsync(stop);
        Assert.That((await world.SubmitAsync(world.Write("no\r\n", "reader@strict.demo.test"))).Text, Does.StartWith("451 4.7.0 DNS does not let"));
        Assert.That(world.Receptions, Is.Empty);

        world.Names.Fail("r1._domainkey.demo.test", ResponseCode.ServerFailure);
        Assert.That((await _host!.Parts.Domains.CheckAsync(Domain, stop)).Evidence, Is.EqualTo(GateEvidence.Unknown));
        Assert.That(_host.Parts.Domains.Gate.Paused, Contains.Key(Domain), "a broken resolver frees nobody");
        world.Names.Fail("r1._domainkey.demo.test", ResponseCode.NoError);
        world.Names.Add(KeyName, key);
        await _host.Parts.Domains.CheckAsync(Domain, stop);

        await world.DeliveredAsync(queued);
        await world.DrainedAsync();
        Assert.That(world.Ledger.Read(queued, static story => story.Recipients[0].Deliveries), Has.Count.EqualTo(1));
        await world.SubmitAsync("reader@strict.demo.test");
    }

    [Test]
    public async Task Under_advise_nothing_is_held(CancellationToken stop)
    {
        await using var world = await StartAsync(VerifyLevel.Advise);
        Unpublish(world);
        await _host!.Parts.Domains.CheckAsync(Domain, stop);
        await _host.Parts.Domains.CheckAsync(Domain, stop);

        await world.DeliveredAsync(await world.SubmitAsync("reader@strict.demo.test"));

        Assert.That((_host.Parts.Domains.Gate.Find(Domain)!.Since is not null, _host.Parts.Domains.Gate.Paused.Count), Is.EqualTo((true, 0)));
    }

    [Test]
    public async Task A_domain_that_sends_is_checked_without_being_asked(CancellationToken stop)
    {
        await using var world = await StartAsync(VerifyLevel.Required);
        await world.SubmitAsync("reader@strict.demo.test");
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        while (_host!.Parts.Domains.Gate.Find(Domain)?.Last is not GateEvidence.Good)
        {
            await beat.WaitForNextTickAsync(stop);
        }

        await world.DrainedAsync();
    }

    [Test]
    public async Task The_verbs_ask_the_running_engine(CancellationToken stop)
    {
        if (await EngineProcess.MissingAsync(stop) is { } reason)
        {
            Assert.Ignore(reason);
        }

        await using var world = await StartAsync(VerifyLevel.Required);
        await using var admin = await AdminServer.StartAsync(_host!, NullLoggerFactory.Instance, stop);
        var socket = world.Snapshot.PathTo(world.Snapshot.Options.Admin.Socket);
        var good = await EngineProcess.RunAsync(["domain", "check", "demo.test", "--socket", socket, "--json"], stop);
        await world.SubmitAsync("reader@strict.demo.test");
        Unpublish(world);
        var wrong = await EngineProcess.RunAsync(["domain", "check", "demo.test", "--socket", socket], stop);
        var list = await EngineProcess.RunAsync(["domain", "ls", "--socket", socket, "--json"], stop);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(good.Code, Is.Zero, good.Output);
            Assert.That((string?)JsonNode.Parse(good.Output.Split('\n').First(line => line.StartsWith('{')))!["result"], Is.EqualTo("good"));
            Assert.That(wrong.Code, Is.EqualTo(65), wrong.Output);
            Assert.That(wrong.Output, Does.Contain("demo.test: wrong. Gate: paused: submission answers 451").And.Contain($"Records to publish:\n{KeyName}. IN TXT ("));
            Assert.That(JsonNode.Parse(list.Output.Split('\n').First(line => line.StartsWith('{')))!["state"]!.ToString(), Is.EqualTo("paused"), list.Output);
        }
    }

    private static Flow FlowOfDemo() => new(StreamClass.Transactional, "demo", "transactional", string.Empty, Domain, string.Empty);

    private static DnsRecord.Text Unpublish(JourneyWorld world)
    {
        var key = new DnsRecord.Text(world.Names.Texts(KeyName).Single());
        world.Names.Remove(KeyName);
        return key;
    }

    private async Task<JourneyWorld> StartAsync(VerifyLevel level) => await JourneyWorld.StartAsync(
        async (snapshot, clock, loggers, stop) =>
        {
            _host = await EngineHost.StartAsync(snapshot, clock, loggers, stop);
            return new HostedEngine(_host);
        },
        adjust: options => options with
        {
            Domains = new Dictionary<string, DomainOptions> { ["*"] = new() { Verify = new VerifyOptions { Level = level, Grace = TimeSpan.Zero } } },
        });

    private async Task ParkedAsync(CancellationToken stop)
    {
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        while (_host!.Parts.Dispatcher.Parking.Count != 1)
        {
            await beat.WaitForNextTickAsync(stop);
        }
    }
}
