using System.Collections.Concurrent;
using System.Net;
using Engine.Configuration;
using Engine.Dns;
using Engine.Mail;
using Engine.Reputation;
using Engine.Reputation.Blocklists;
using Engine.Tests.Dns;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Tests.Reputation.Blocklists;

/// <summary>The loop: its own clock is moved by hand, its resolver is a script on loopback.</summary>
[CancelAfter(60_000)]
internal sealed class BlocklistCheckerTests
{
    private static readonly Blocklist[] Lists =
        [SampleLists.Make("list.example"), SampleLists.Make("minor.example", ListWeight.Minor, affects: ""), SampleLists.Make("names.example", kind: ListKind.Domain, affects: "")];

    private readonly ConcurrentDictionary<string, bool> _listed = new() { ["2.0.0.127.list.example"] = true, ["2.0.0.127.minor.example"] = true, ["test.names.example"] = true };

    private readonly Engine.Tests.ManualClock _clock = new();

    private readonly Collected _events = new();

    [Test]
    public async Task The_loop_finds_a_listing_moves_mail_and_saves_its_state(CancellationToken stop)
    {
        await using var resolver = new ScriptedResolver(Answer);
        await using var dns = ListAsker.ClientOf(new DnsOptions { Servers = [resolver.Address] }, TimeProvider.System, new Random(1));
        var active = new ActiveSenders(_clock);
        using var checker = Make(dns, active);
        active.Sent("a", IPAddress.Parse("192.0.2.1"), DomainName.Parse("news.acme.example"));
        checker.Load(new BlocklistOptions { Minor = TimeSpan.FromMinutes(1) }, Lists, Map());
        using var closing = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var running = checker.RunAsync(closing.Token);

        await Until(() => checker.Report().Lists.All(list => list.Health == "good"), stop);
        Assert.That((checker.Report().Sources, checker.Report().Domains), Is.EqualTo((1, 2)));
        var version = checker.Version;
        _listed["1.2.0.192.list.example"] = true;
        _listed["acme.example.names.example"] = true;
        await Until(() => checker.QuarantineOf("a", "google").Share == 0, stop);

        Assert.That(checker.Version, Is.GreaterThan(version));
        var why = checker.QuarantineOf("a", "google").Why!;
        Assert.That((why.Zone, why.Meaning, why.Delisting), Is.EqualTo(("list.example", "127.0.0.2 spam", "https://list.example/remove")));
        Assert.That(checker.QuarantineOf("b", "google"), Is.EqualTo(Quarantine.None));
        await Until(() => checker.Report().Listings.Any(listing => listing is { Subject: "acme.example", State: "listed" }), stop);
        Assert.That(_events.Lines, Does.Contain("SourceQuarantined a list.example"));
        Assert.That(_events.Lines, Does.Contain("Listed acme.example names.example"));
        Assert.That(_events.Lines, Does.Contain("Alert a list.example"));

        var saved = checker.Save();
        await closing.CancelAsync();
        await running;
        using var again = Make(dns, active);
        again.Load(new BlocklistOptions(), Lists, Map());
        again.Restore(saved);
        Assert.That(again.QuarantineOf("a", "google").Share, Is.Zero);
        Assert.That(again.QuarantineOf("a", "google").Why?.Zone, Is.EqualTo("list.example"));
    }

    [Test]
    public async Task A_reply_that_names_a_list_has_it_asked_at_once(CancellationToken stop)
    {
        await using var resolver = new ScriptedResolver(Answer);
        await using var dns = ListAsker.ClientOf(new DnsOptions { Servers = [resolver.Address] }, TimeProvider.System, new Random(1));
        var active = new ActiveSenders(_clock);
        using var checker = Make(dns, active);
        checker.Load(new BlocklistOptions(), Lists, Map());
        active.Sent("a", IPAddress.Parse("192.0.2.1"), default);
        using var closing = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var running = checker.RunAsync(closing.Token);
        await Until(() => checker.Report().Lists.Where(list => list.Kind == "ip4").All(list => list.Health == "good"), stop);

        _listed["1.2.0.192.minor.example"] = true;
        var asked = _clock.GetUtcNow();
        Assert.That(checker.RecheckNamed("a", default, "550 no such user"), Is.False);
        Assert.That(checker.RecheckNamed("a", default, "550 5.7.1 blocked by minor.example"), Is.True);
        await Until(() => checker.Report().Listings.Any(listing => listing.State == "listed"), stop);

        Assert.That(_clock.GetUtcNow() - asked, Is.LessThan(TimeSpan.FromSeconds(20)), "the minor list's own turn comes within 30 minutes");
        Assert.That(checker.QuarantineOf("a", "google"), Is.EqualTo(Quarantine.None));
        await closing.CancelAsync();
        await running;
    }

    private static SourceMap Map() => new(new Snapshot(new EngineOptions
    {
        Hostname = "mta1.example.com",
        Sources = new Dictionary<string, SourceOptions> { ["a"] = new() { Address = "192.0.2.1" }, ["b"] = new() { Address = "192.0.2.2" } },
    }));

    private BlocklistChecker Make(DnsClient dns, ActiveSenders active) => new(new ListAsker(dns, TimeProvider.System), active, _events, _clock, NullLogger.Instance);

    private byte[] Answer(Asked asked) => _listed.ContainsKey(asked.Query.Name) ? asked.Found(Asked.Address(asked.Query.Name, "127.0.0.2")) : asked.NoSuchName(60);

    // Time passes in steps of 100 ms for each look.
    private async Task Until(Func<bool> isSo, CancellationToken stop)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (!isSo())
        {
            await pace.WaitForNextTickAsync(stop);
            _clock.Advance(TimeSpan.FromMilliseconds(100));
        }
    }

    private sealed class Collected : IEvents
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public IReadOnlyCollection<string> Lines => _lines;

        public void Write(in Event line) => _lines.Enqueue($"{line.Kind} {line.Source ?? line.Domain} {line.Rule}");
    }
}
