using System.Text;
using Engine.Configuration;
using Engine.Mail;

namespace Engine.Tests.Feedback.Reports;

internal sealed class ForwardDeskTests
{
    private const string Mail = "Received: from x\r\nFrom: somebody@else.example\r\nSubject: hello\r\n\r\nbody\r\n";

    [Test]
    public async Task Mail_to_postmaster_is_forwarded_as_it_came_and_unsigned()
    {
        using var rig = new ReportRig();
        await rig.SendAsync(Mail, "postmaster@mta1.example.com");

        var own = rig.Intake.All.Single();
        Assert.That((own.Sender.IsNull, own.Recipients.Single().ToString(), own.IsForwarded), Is.EqualTo((true, "ops@corp.example", true)));
        Assert.That(Encoding.ASCII.GetString(own.Content.Span), Is.EqualTo("X-Loop: feedback@mta1.example.com\r\n" + Mail));
        Assert.That(rig.Shelf.List(10), Is.Empty);
    }

    [TestCase("X-Loop: feedback@MTA1.example.com\r\n", 0)]
    [TestCase("X-Loop: feedback@other.example\r\n", 1)]
    [TestCase("x-loop:feedback@mta1.example.com \r\n", 0)]
    public async Task What_went_by_here_before_is_kept(string mark, int forwarded)
    {
        using var rig = new ReportRig();
        await rig.SendAsync(mark + Mail, "postmaster@mta1.example.com");

        Assert.That((rig.Intake.All.Count, rig.Shelf.List(10).Count), Is.EqualTo((forwarded, 1 - forwarded)));
    }

    [TestCase(29, 1)]
    [TestCase(30, 0)]
    public async Task Thirty_hops_are_enough(int more, int forwarded)
    {
        using var rig = new ReportRig();
        await rig.SendAsync(string.Concat(Enumerable.Repeat("Received: from y\r\n", more)) + Mail, "postmaster@mta1.example.com");

        Assert.That(rig.Intake.All, Has.Count.EqualTo(forwarded));
    }

    [Test]
    public async Task A_header_our_intake_does_not_take_is_kept()
    {
        using var rig = new ReportRig();
        rig.Intake.Fault = new ArgumentException("no From");
        await rig.SendAsync(Mail, "postmaster@mta1.example.com");

        Assert.That(rig.Shelf.List(10).Single().Why, Is.EqualTo("its header cannot be sent on"));
    }

    [Test]
    public void A_queue_that_takes_nothing_is_the_senders_to_try_again()
    {
        using var rig = new ReportRig();
        rig.Intake.Fault = new IOException("full");
        Assert.That(() => rig.SendAsync(Mail, "postmaster@mta1.example.com"), Throws.InstanceOf<IOException>());
        Assert.That(rig.Shelf.List(10), Is.Empty);
    }

    [Test]
    public async Task Without_an_address_it_is_kept_and_an_alert_a_day_tells_it()
    {
        using var rig = new ReportRig();
        await rig.SendAsync(Mail, "abuse@mta1.example.com");
        await rig.SendAsync(Mail, "abuse@mta1.example.com");
        rig.Clock.Advance(TimeSpan.FromDays(1));
        await rig.SendAsync(Mail, "abuse@mta1.example.com");

        Assert.That(rig.Events.All.Select(line => line.Kind), Is.EqualTo(Enumerable.Repeat(EventKind.Alert, 2)));
        Assert.That(rig.Shelf.List(10), Has.Count.EqualTo(3));
    }

    [Test]
    public async Task A_flood_is_kept()
    {
        using var rig = new ReportRig();
        for (var mail = 0; mail < 70; mail++)
        {
            await rig.SendAsync(Mail, "postmaster@mta1.example.com");
        }

        Assert.That((rig.Intake.All.Count, rig.Shelf.List(100).Count), Is.EqualTo((60, 10)));
        rig.Clock.Advance(TimeSpan.FromSeconds(6));
        await rig.SendAsync(Mail, "postmaster@mta1.example.com");
        Assert.That(rig.Intake.All, Has.Count.EqualTo(61));
    }

    [Test]
    public async Task A_shelf_keeps_for_its_time_and_over_a_restart()
    {
        using var rig = new ReportRig(new FeedbackOptions { Unparsed = new UnparsedOptions { Keep = TimeSpan.FromDays(2) } });
        await rig.SendAsync(Mail, "abuse@mta1.example.com");
        rig.Clock.Advance(TimeSpan.FromDays(1));
        await rig.SendAsync(Mail, "postmaster@mta1.example.com");

        var again = new Engine.Feedback.Reports.UnparsedShelf(rig.Current, rig.Clock);
        Assert.That(again.List(10).Select(mail => mail.To), Is.EqualTo(new[] { "postmaster@mta1.example.com", "abuse@mta1.example.com" }));
        var first = again.List(10)[1];
        Assert.That((await File.ReadAllTextAsync(first.File), first.Size), Is.EqualTo(($"X-Feedback-Time: 2026-11-22T12:00:00Z\r\nX-Feedback-To: abuse@mta1.example.com\r\nX-Feedback-From: \r\nX-Feedback-Why: {first.Why}\r\nX-Feedback-Client: 192.0.2.25\r\n{Mail}", new FileInfo(first.File).Length)));
        Assert.That(OperatingSystem.IsWindows() || File.GetUnixFileMode(first.File) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));

        rig.Clock.Advance(TimeSpan.FromDays(1));
        Assert.That(again.List(10).Select(mail => mail.To), Is.EqualTo(new[] { "postmaster@mta1.example.com" }));
        Assert.That(File.Exists(first.File), Is.False);
    }

    [Test]
    public void A_shelf_drops_the_oldest_beyond_its_bound()
    {
        using var rig = new ReportRig();
        var large = new Engine.Feedback.Reports.InboundMail("192.0.2.1", default, [], new byte[24 << 20]);
        for (var mail = 0; mail < 12; mail++)
        {
            rig.Shelf.Keep(large, Mailbox.Parse($"n{mail}@mta1.example.com"), "large");
        }

        Assert.That(rig.Shelf.List(100).Select(mail => mail.To), Is.EqualTo(Enumerable.Range(2, 10).Reverse().Select(mail => $"n{mail}@mta1.example.com")));
    }
}
