using System.Text;
using Engine.Configuration;
using Engine.Mail;
using Engine.Reports.Seeds;
using Engine.Tests.Feedback.Reports;
using Engine.Tests.Simulation;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Tests.Reports.Seeds;

/// <summary>The desk over hours: probes sent, looked for, found in their place or missing; trouble of the mailbox told apart.</summary>
internal sealed class SeedDeskTests
{
    private static readonly Mailbox From = Mailbox.Parse("news@acme.example");

    private static readonly SeedPlan Plan = new("gmail-1", "gmail", ["tx", "bulk"], new SeedOptions { Address = "probe@gmail.example", Imap = "imap.gmail.example", User = "u", PasswordFile = "p" });

    private readonly ManualClock _clock = new();
    private readonly CollectedOwnMail _mail = new();
    private readonly SimulatedEvents _events = new();
    private readonly SeedMeter _meter = new();
    private readonly List<DateTimeOffset> _visits = [];
    private readonly List<DateTimeOffset?> _cleanings = [];
    private readonly HashSet<MessageId> _queued = [];
    private SeedDesk _desk = null!;
    private string _trouble = string.Empty;
    private SeedPlace _place;
    private TimeSpan _takes = TimeSpan.FromSeconds(25);

    [SetUp]
    public void Open() => _desk = Make();

    [TearDown]
    public void Close() => _meter.Dispose();

    [Test]
    public async Task A_probe_leaves_by_every_pool_and_is_found_in_its_place()
    {
        await RunAsync(TimeSpan.FromMinutes(8));
        Assert.That(_mail.All.Select(message => message.Pool), Is.EqualTo(new[] { "tx", "bulk" }));
        var sent = _mail.All[0];
        Assert.That((sent.Sender.ToString(), sent.Recipients.Single().ToString(), sent.Id.Node), Is.EqualTo(("news@acme.example", "probe@gmail.example", 7)));
        Assert.That(Encoding.ASCII.GetString(sent.Content.Span), Does.Contain("\r\nAuto-Submitted: auto-generated\r\n").And.Match("\r\nX-Engine-Probe: [0-9a-f]{32}@mta1.example.com\r\n"));

        Assert.That(_visits.Select(at => (at - _visits[0]).TotalSeconds), Is.EqualTo(new[] { 0, 20 }), "10 s after the probe, then 20 s later");
        var result = _desk.Results[0];
        Assert.That((result.Place, result.Source, result.Verdict, result.Pool), Is.EqualTo((SeedPlace.Inbox, "b1", "spf=pass dkim=pass dmarc=fail", "tx")));
        Assert.That(result.Seconds, Is.InRange(24, 25));
        Assert.That(_cleanings.Count(before => before is not null), Is.EqualTo(1));
        Assert.That(_desk.Seeds.Single().Last, Is.EqualTo(_desk.Results[^1]));
    }

    [Test]
    public async Task Probes_go_on_at_their_pace()
    {
        await RunAsync(TimeSpan.FromHours(10));
        Assert.That(_mail.All, Has.Count.InRange(36, 46));
        Assert.That(_desk.Rows.Select(row => (row.Provider, row.Pool, row.Day.Inbox)), Is.EqualTo(new[] { ("gmail", "bulk", 1.0), ("gmail", "tx", 1.0) }));
        Assert.That(_events.All, Is.Empty);
    }

    [Test]
    public async Task What_is_found_nowhere_is_missing_at_its_time_and_told()
    {
        _takes = TimeSpan.FromDays(2);
        await RunAsync(TimeSpan.FromHours(6));
        Assert.That(_desk.Results.Select(result => result.Place).Distinct().Single(), Is.EqualTo(SeedPlace.Missing));
        Assert.That(_visits.Zip(_visits.Skip(1), (one, next) => next - one).Max(), Is.LessThanOrEqualTo(TimeSpan.FromMinutes(11)));
        Assert.That(_events.All.Select(line => (line.Kind, line.Rule, line.Provider)).Distinct().Single(), Is.EqualTo((EventKind.Alert, "seed/drift", "gmail")));
        Assert.That(_events.All, Has.Count.EqualTo(2), "one for each pool");
    }

    [Test]
    public async Task Spam_is_told_of_and_its_end_too()
    {
        _place = SeedPlace.Spam;
        await RunAsync(TimeSpan.FromHours(5));
        _place = SeedPlace.Inbox;
        await RunAsync(TimeSpan.FromHours(8));
        Assert.That(_events.All.Where(line => line.Reason!.Contains("pool tx", StringComparison.Ordinal)).Select(line => line.Reason), Has.Exactly(2).Items);
        Assert.That(_events.All[^1].Reason, Does.EndWith("probes arrive in the inbox again, as fast as they used to"));
    }

    [Test]
    public async Task A_mailbox_that_cannot_be_read_is_an_alert_and_no_probe_is_missing()
    {
        await RunAsync(TimeSpan.FromMinutes(8));
        _trouble = "the login was refused (AUTHENTICATIONFAILED)";
        var sent = _mail.All.Count;
        await RunAsync(TimeSpan.FromHours(6));
        Assert.That(_mail.All, Has.Count.EqualTo(sent + 2), "none while it cannot be read");
        Assert.That(_desk.Results.Select(result => result.Place).Distinct().Single(), Is.EqualTo(SeedPlace.Inbox));
        Assert.That(_events.All.Select(line => (line.Rule, line.Reason)), Is.EqualTo(new[] { ("seed/imap", "the mailbox of seed gmail-1 cannot be read, so no probes are sent to it: the login was refused (AUTHENTICATIONFAILED)") }));
        Assert.That(_desk.Seeds.Single().Trouble, Is.EqualTo(_trouble));

        _trouble = string.Empty;
        await RunAsync(TimeSpan.FromHours(2));
        Assert.That(_events.All[^1].Reason, Is.EqualTo("the mailbox of seed gmail-1 can be read again"));
        Assert.That(_mail.All, Has.Count.GreaterThan(sent + 2));
    }

    [Test]
    public async Task What_still_waits_in_our_queue_is_not_missing()
    {
        _takes = TimeSpan.FromDays(2);
        await RunAsync(TimeSpan.FromMinutes(10));
        _queued.UnionWith(_mail.All.Select(message => message.Id));
        await RunAsync(TimeSpan.FromMinutes(22));
        Assert.That(_desk.Results, Is.Empty);
    }

    [Test]
    public async Task A_restart_goes_on_looking()
    {
        _takes = TimeSpan.FromMinutes(12);
        await RunAsync(TimeSpan.FromMinutes(6));
        using var saved = new MemoryStream();
        _desk.Save(saved);
        saved.Position = 0;
        var sent = _mail.All.Count;
        _desk = Make();
        _desk.Restore(saved);
        await RunAsync(TimeSpan.FromMinutes(15));
        Assert.That(_mail.All, Has.Count.EqualTo(sent));
        Assert.That(_desk.Results, Has.Count.EqualTo(2));
        Assert.That(_desk.Results[0].Seconds, Is.InRange(719, 720));
    }

    [Test]
    public async Task An_operator_may_have_a_probe_now()
    {
        await RunAsync(TimeSpan.FromMinutes(8));
        Assert.That((_desk.ProbeNow("gmail-1"), _desk.ProbeNow("gmail-2")), Is.EqualTo((true, false)));
        await RunAsync(TimeSpan.FromSeconds(1));
        Assert.That(_mail.All, Has.Count.EqualTo(4));
    }

    [Test]
    public async Task An_intake_that_takes_nothing_costs_one_turn()
    {
        _mail.Fault = new IOException("full");
        await RunAsync(TimeSpan.FromMinutes(8));
        _mail.Fault = null;
        await RunAsync(TimeSpan.FromMinutes(40));
        Assert.That(_mail.All, Has.Count.EqualTo(2));
        Assert.That(_desk.Results, Has.Count.EqualTo(2));
    }

    private static string TokenOf(OwnMessage message) => Encoding.ASCII.GetString(message.Content.Span).Split("X-Engine-Probe: ")[1][..32];

    private SeedDesk Make()
    {
        var desk = new SeedDesk(
            new SeedOutlets
            {
                Intake = _mail,
                VisitAsync = VisitAsync,
                Mail = () => new SeedMail("mta1.example.com"),
                From = _ => From,
                IsQueuedAsync = (id, _) => ValueTask.FromResult(_queued.Contains(id)),
                SourceIn = received => received.Any(field => field.Contains("[192.0.2.1]", StringComparison.Ordinal)) ? "b1" : string.Empty,
                Node = 7,
            },
            _meter,
            _events,
            new Random(7),
            _clock,
            NullLogger.Instance);
        desk.Load([Plan]);
        return desk;
    }

    private ValueTask<SeedVisit> VisitAsync(SeedPlan plan, IReadOnlyList<string> tokens, DateTimeOffset? cleanBefore, CancellationToken stop)
    {
        var now = _clock.GetUtcNow();
        _visits.Add(now);
        _cleanings.Add(cleanBefore);
        if (_trouble.Length > 0)
        {
            return ValueTask.FromResult(SeedVisit.Failed(_trouble));
        }

        var found = new Dictionary<string, SeedSighting>();
        foreach (var message in _mail.All.Where(message => tokens.Contains(TokenOf(message))))
        {
            var date = DateTimeOffset.Parse(Encoding.ASCII.GetString(message.Content.Span).Split("\r\nDate: ")[1].Split("\r\n")[0], System.Globalization.CultureInfo.InvariantCulture);
            if (now - date >= _takes)
            {
                var header = "Received: from b1.example.com (b1.example.com [192.0.2.1]) by mx.gmail.example\r\nAuthentication-Results: mx.gmail.example;\r\n spf=pass smtp.mailfrom=x; dkim=pass header.d=x;\r\n dmarc=fail\r\n\r\n";
                found[TokenOf(message)] = new SeedSighting(_place, date + _takes, Encoding.ASCII.GetBytes(header));
            }
        }

        return ValueTask.FromResult(new SeedVisit(string.Empty, found));
    }

    private async Task RunAsync(TimeSpan span)
    {
        for (var end = _clock.GetUtcNow() + span; _clock.GetUtcNow() < end;)
        {
            var pause = await _desk.TurnAsync(CancellationToken.None);
            _clock.Advance(pause < end - _clock.GetUtcNow() ? pause : end - _clock.GetUtcNow());
        }
    }
}
