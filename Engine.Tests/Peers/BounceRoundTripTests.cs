using System.Runtime.Versioning;
using Engine.Tests.Journeys;

namespace Engine.Tests.Peers;

/// <summary>Mail that a real server takes and bounces afterwards: the bounce comes to the return path that the engine made, and is acted on.</summary>
[CancelAfter(120_000)]
[SupportedOSPlatform("linux")]
internal sealed class BounceRoundTripTests
{
    [TestCase("gone", "bad_recipient", true)]
    [TestCase("full", "mailbox_full", false)]
    [TestCase("late", null, false)]
    public async Task What_Exim_bounces_is_heard(string local, string? category, bool isHard, CancellationToken stop)
    {
        using var back = PeerPort.Take();
        await using var exim = await EximPeer.StartAsync(back.Number, stop);
        await using var world = await FeedbackWorld.StartAsync(new Dictionary<string, int> { [EximPeer.Domain] = exim.Port }, inbound: back);

        await HeardAsync(world, $"{local}@{EximPeer.Domain}", category, isHard);
    }

    [TestCase("gone", "bad_recipient", true)]
    [TestCase("full", "mailbox_full", false)]
    [TestCase("late", null, false)]
    public async Task What_Postfix_bounces_is_heard(string local, string? category, bool isHard, CancellationToken stop)
    {
        using var back = PeerPort.Take();
        var settings = $$"""
            virtual_mailbox_domains = postfix.test
            transport_maps = inline:{ {gone@postfix.test = error:5.1.1 User unknown}, {full@postfix.test = error:5.2.2 Mailbox full, over quota}, {late@postfix.test = smtp:[127.0.0.1]:1}, {{{FeedbackWorld.ReturnPath}} = smtp:[127.0.0.1]:{{back.Number}}} }
            smtpd_recipient_restrictions = permit_mynetworks, reject
            smtpd_relay_restrictions = permit_mynetworks, reject
            smtpd_reject_unlisted_recipient = no
            maximal_queue_lifetime = 0
            """;
        await using var postfix = await PostfixPeer.StartAsync(settings, stop, static home =>
            File.AppendAllTextAsync(home.PathTo("master.cf"), "smtp unix - - n - - smtp\nerror unix - - n - - error\nretry unix - - n - - error\n"));
        await using var world = await FeedbackWorld.StartAsync(new Dictionary<string, int> { ["postfix.test"] = postfix.Port }, inbound: back);

        await HeardAsync(world, $"{local}@postfix.test", category, isHard);
    }

    [Test]
    public async Task Whose_account_wants_notices_gets_one_of_a_bounce_that_came_later(CancellationToken stop)
    {
        using var back = PeerPort.Take();
        await using var exim = await EximPeer.StartAsync(back.Number, stop);
        await using var sender = MailboxPeer.Start();
        await using var world = await FeedbackWorld.StartAsync(
            new Dictionary<string, int> { [EximPeer.Domain] = exim.Port, ["demo.test"] = sender.Port },
            static options => options with { Accounts = options.Accounts.ToDictionary(static one => one.Key, static one => one.Value with { Notices = Engine.Configuration.Notices.Dsn }) },
            back);

        await world.SubmitAsync($"gone@{EximPeer.Domain}");
        var notice = await sender.NextAsync();

        Assert.That((notice.Sender, notice.To[0]), Is.EqualTo((string.Empty, "<shop@demo.test>")));
        Assert.That(notice.Content, Does.Contain($"Final-Recipient: rfc822; gone@{EximPeer.Domain}\r\nAction: failed\r\n").And.Contain("Unknown user"));
    }

    private static async Task HeardAsync(FeedbackWorld world, string address, string? category, bool isHard)
    {
        await world.SubmitAsync(address);
        var report = await world.Events.OneAsync("bounce-report");

        Assert.That((FeedbackWorld.Text(report, "account"), FeedbackWorld.Text(report, "stream")), Is.EqualTo(("demo", "news")));
        if (category is not null)
        {
            Assert.That(FeedbackWorld.Text(report, "category"), Is.EqualTo(category));
        }

        if (!isHard)
        {
            Assert.That((await world.Events.AllAsync()).Select(JourneyEvents.Kind), Has.None.EqualTo("suppression-added"));
            return;
        }

        await world.Events.OneAsync("suppression-added");
        await world.SubmitAsync(address);
        var suppressed = await world.Events.OneAsync("suppressed");
        Assert.That(FeedbackWorld.Text(suppressed, "to"), Is.EqualTo(address));
        await world.World.QueueAsync(static counts => counts.Queued == 0);
    }
}
