namespace Engine.Tests.Journeys;

/// <summary>What submitters are told, as RFC 3461 lets them ask for it.</summary>
internal sealed class NoticeJourneys
{
    [Test]
    public async Task Who_asks_is_told_that_mail_was_handed_on_and_the_recipient_ends_after_it()
    {
        await using var mailbox = MailboxPeer.Start();
        await using var sender = MailboxPeer.Start();
        await using var world = await StartAsync(mailbox, sender);

        await world.SubmitAsync("<reader@x.test> NOTIFY=SUCCESS ORCPT=rfc822;reader@x.test");
        await mailbox.NextAsync();
        var notice = await sender.NextAsync();

        Assert.That((notice.Sender, notice.To[0]), Is.EqualTo((string.Empty, "<shop@demo.test>")));
        Assert.That(notice.Content, Does.Contain("Action: relayed\r\nStatus: 2.0.0\r\n").And.Contain("Original-Recipient: rfc822;reader@x.test\r\n"));
        Assert.That(notice.Content, Does.Contain("Auto-Submitted: auto-replied").And.Contain("DKIM-Signature:"));
        await world.World.QueueAsync(static counts => counts.Queued == 0);
    }

    [Test]
    public async Task A_server_that_offers_DSN_owes_the_notice_itself()
    {
        await using var mailbox = MailboxPeer.Start(null, "DSN");
        await using var sender = MailboxPeer.Start();
        await using var world = await StartAsync(mailbox, sender, verp: Engine.Configuration.Verp.Off);

        await world.SubmitAsync("<reader@x.test> NOTIFY=SUCCESS,FAILURE");
        var taken = await mailbox.NextAsync();
        await world.World.QueueAsync(static counts => counts.Queued == 0);

        Assert.That(taken.To[0], Is.EqualTo("<reader@x.test> NOTIFY=SUCCESS,FAILURE"));
        Assert.That(sender.IsEmpty);
        Assert.That((await world.Events.AllAsync()).Count(line => JourneyEvents.Kind(line) == "accepted"), Is.EqualTo(1));
    }

    [Test]
    public async Task Who_asks_is_told_once_that_mail_is_late()
    {
        await using var mailbox = MailboxPeer.Start(static _ => "452 4.2.2 Mailbox full");
        await using var sender = MailboxPeer.Start();
        await using var world = await StartAsync(mailbox, sender, delay: TimeSpan.FromSeconds(2));

        await world.SubmitAsync("<reader@x.test> NOTIFY=DELAY");
        var notice = await sender.NextAsync();
        await world.Events.WaitAsync(static line => JourneyEvents.Kind(line) == "deferred", count: 5);

        Assert.That(notice.Content, Does.Contain("Action: delayed\r\nStatus: 4.2.2\r\n").And.Contain("Will-Retry-Until: "));
        Assert.That(sender.IsEmpty);
    }

    [Test]
    public async Task Nobody_is_told_who_did_not_ask()
    {
        await using var mailbox = MailboxPeer.Start(static to => to.StartsWith("<gone@", StringComparison.Ordinal) ? "550 5.1.1 No such user" : "250 2.1.5 Ok");
        await using var sender = MailboxPeer.Start();
        await using var world = await StartAsync(mailbox, sender);

        await world.SubmitAsync("<reader@x.test> NOTIFY=NEVER");
        await world.SubmitAsync("<gone@x.test> NOTIFY=SUCCESS,DELAY");
        await world.SubmitAsync("<gone@x.test>");
        await world.Events.WaitAsync(static line => JourneyEvents.Kind(line) is "bounced" or "suppressed", count: 2);
        await world.World.QueueAsync(static counts => counts.Queued == 0);

        Assert.That(sender.IsEmpty);
    }

    private static Task<FeedbackWorld> StartAsync(MailboxPeer mailbox, MailboxPeer sender, TimeSpan? delay = null, Engine.Configuration.Verp verp = Engine.Configuration.Verp.Recipient) => FeedbackWorld.StartAsync(
        new Dictionary<string, int> { ["x.test"] = mailbox.Port, ["demo.test"] = sender.Port },
        options => options with
        {
            System = options.System with { DelayNotice = delay ?? options.System.DelayNotice },
            Feedback = options.Feedback with { Verp = verp },
            Delivery = options.Delivery with { Retry = options.Delivery.Retry with { MailboxFull = Engine.Configuration.RetrySchedule.Parse("1s x*") } },
        });
}
