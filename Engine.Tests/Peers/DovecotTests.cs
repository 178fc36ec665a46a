using System.Text;
using Engine.Configuration;
using Engine.Mail;
using Engine.Reports.Seeds;
using Engine.Tests.Reports.Seeds;
using Engine.Tests.Simulation;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Tests.Peers;

/// <summary>Probes in the mailbox of a real IMAP server.</summary>
[CancelAfter(120_000)]
internal sealed class DovecotTests
{
    private const string Password = "se\"cr\\et word";

    private static readonly SeedMail Probes = new("mta1.example.com");

    [TestCase(SeedTls.Implicit)]
    [TestCase(SeedTls.Starttls)]
    public async Task Probes_are_found_where_they_lie(object tls, CancellationToken stop)
    {
        using var authority = new TestAuthority();
        using var visits = new SeedVisits(authority, Password, TimeProvider.System);
        await using var dovecot = await DovecotPeer.StartAsync(authority, Password, stop);
        var arrived = DateTime.UtcNow.AddMinutes(-3);
        await dovecot.DropAsync(string.Empty, Message("inbox-token"), arrived, stop);
        await dovecot.DropAsync("Junk", Message("junk-token"), arrived, stop);

        var visit = await visits.VisitAsync((SeedTls)tls is SeedTls.Implicit ? dovecot.TlsPort : dovecot.StartTlsPort, (SeedTls)tls, ["inbox-token", "junk-token", "no-token"], stop);
        Assert.That(visit.Trouble, Is.Empty);
        Assert.That(visit.Found.Select(one => (one.Key, one.Value.Place)), Is.EquivalentTo(new[] { ("inbox-token", SeedPlace.Inbox), ("junk-token", SeedPlace.Spam) }));
        Assert.That(visit.Found["junk-token"].Arrived!.Value.UtcDateTime, Is.EqualTo(arrived).Within(TimeSpan.FromSeconds(1)));
        Assert.That(Encoding.ASCII.GetString(visit.Found["inbox-token"].Header), Does.Contain("X-Engine-Probe: inbox-token@mta1.example.com"));
    }

    [Test]
    public async Task A_wrong_password_and_a_wrong_name_are_trouble_of_the_seed(CancellationToken stop)
    {
        using var authority = new TestAuthority();
        using var visits = new SeedVisits(authority, "wrong password", TimeProvider.System);
        await using var dovecot = await DovecotPeer.StartAsync(authority, Password, stop);
        Assert.That((await visits.VisitAsync(dovecot.TlsPort, SeedTls.Implicit, ["token"], stop)).Trouble, Is.EqualTo("the login was refused (AUTHENTICATIONFAILED)"));
        Assert.That((await visits.VisitAsync(dovecot.TlsPort, SeedTls.Implicit, ["token"], stop, host: "other.example")).Trouble, Does.Contain("the certificate is not good for other.example"));
    }

    [Test]
    public async Task Only_old_probes_of_our_own_are_removed(CancellationToken stop)
    {
        using var authority = new TestAuthority();
        using var visits = new SeedVisits(authority, Password, TimeProvider.System);
        await using var dovecot = await DovecotPeer.StartAsync(authority, Password, stop);
        var old = DateTime.UtcNow.AddDays(-10);
        await dovecot.DropAsync(string.Empty, Message("old-token"), old, stop);
        await dovecot.DropAsync(string.Empty, Message("new-token"), DateTime.UtcNow, stop);
        await dovecot.DropAsync(string.Empty, Message("its-token").Replace("mta1.example.com", "mta2.example.com", StringComparison.Ordinal), old, stop);
        await dovecot.DropAsync(string.Empty, "From: a@example.com\n\nHello.\n", old, stop);
        await dovecot.DropAsync("Junk", Message("junk-token"), old, stop);

        var visit = await visits.VisitAsync(dovecot.TlsPort, SeedTls.Implicit, ["new-token"], stop, DateTimeOffset.UtcNow.AddDays(-7));
        Assert.That((visit.Trouble, visit.Found.Count), Is.EqualTo((string.Empty, 1)));
        Assert.That((dovecot.Count(string.Empty), dovecot.Count("Junk")), Is.EqualTo((3, 0)));
    }

    [Test]
    public async Task A_desk_fills_its_table_from_a_real_mailbox(CancellationToken stop)
    {
        using var authority = new TestAuthority();
        using var visits = new SeedVisits(authority, Password, TimeProvider.System);
        await using var dovecot = await DovecotPeer.StartAsync(authority, Password, stop);
        using var meter = new SeedMeter();
        var clock = new ManualClock(DateTimeOffset.UtcNow);
        var outlets = new SeedOutlets
        {
            Intake = new Receiver(dovecot),
            VisitAsync = (_, tokens, before, cancel) => visits.VisitAsync(dovecot.TlsPort, SeedTls.Implicit, tokens, cancel, before),
            Mail = () => Probes,
            From = _ => Mailbox.Parse("from@mta1.example.com"),
            IsQueuedAsync = (_, _) => ValueTask.FromResult(false),
            SourceIn = _ => string.Empty,
            Node = 1,
        };
        var desk = new SeedDesk(outlets, meter, new SimulatedEvents(), new Random(1), clock, NullLogger.Instance);
        desk.Load([new SeedPlan("s", "example", ["tx", "bulk"], new SeedOptions { Address = "probe@example.com" })]);
        desk.ProbeNow("s");
        while (desk.Results.Count < 2)
        {
            clock.Advance(await desk.TurnAsync(stop));
        }

        Assert.That(desk.Rows.Select(row => (row.Provider, row.Pool, row.Day.Inbox, row.Day.Spam)), Is.EqualTo(new[] { ("example", "bulk", 0.0, 1.0), ("example", "tx", 1.0, 0.0) }));
    }

    private static string Message(string token)
    {
        var plan = new SeedPlan("s", "example.com", [string.Empty], new SeedOptions { Address = "probe@example.com" });
        return Encoding.UTF8.GetString(Probes.Write(plan, new SeedProbe(token, string.Empty, default, DateTimeOffset.UtcNow), Mailbox.Parse("from@mta1.example.com")).Span);
    }

    // What leaves by the pool "bulk" is taken for spam.
    private sealed class Receiver(DovecotPeer dovecot) : IIntake
    {
        public async ValueTask AcceptAsync(OwnMessage message, CancellationToken stop) =>
            await dovecot.DropAsync(message.Pool == "bulk" ? "Junk" : string.Empty, Encoding.UTF8.GetString(message.Content.Span), DateTime.UtcNow, stop);
    }
}
