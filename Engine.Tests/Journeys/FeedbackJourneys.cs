using System.Net;
using System.Text;
using Engine.Admin;
using Engine.Mail;
using Engine.Suppression;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Tests.Journeys;

/// <summary>What comes back, through the whole engine: replies, bounces, complaints, unsubscription, and what is not sent afterwards.</summary>
internal sealed class FeedbackJourneys
{
    [Test]
    public async Task Who_is_dead_by_a_reply_gets_no_more_mail_of_the_account_also_after_a_restart()
    {
        await using var mailbox = MailboxPeer.Start(static to => to.StartsWith("<gone@", StringComparison.Ordinal) ? "550 5.1.1 No such user here" : "250 2.1.5 Ok");
        await using var world = await StartAsync(mailbox);

        await world.SubmitAsync("gone@x.test");
        var bounced = await world.Events.OneAsync("bounced");
        var added = await world.Events.OneAsync("suppression-added");
        Assert.That((FeedbackWorld.Text(bounced, "disposition"), FeedbackWorld.Text(added, "rule"), FeedbackWorld.Text(added, "to")), Is.EqualTo(("suppress", "hard/reply", "gone@x.test")));
        Assert.That(added.GetProperty("seq").GetInt64(), Is.LessThan(bounced.GetProperty("seq").GetInt64()), "the suppression comes before the end");

        await world.World.StopEngineAsync();
        await world.World.StartEngineAsync();
        await world.SubmitAsync("gone@x.test", "transactional");
        var suppressed = await world.Events.OneAsync("suppressed");

        Assert.That(FeedbackWorld.Text(suppressed, "to"), Is.EqualTo("gone@x.test"));
        await world.World.QueueAsync(static counts => counts.Queued == 0);
    }

    [Test]
    public async Task A_complaint_by_the_token_in_the_message_keeps_marketing_away_and_not_what_was_ordered()
    {
        await using var mailbox = MailboxPeer.Start();
        await using var world = await StartAsync(mailbox);
        await world.SubmitAsync("reader@x.test");
        var taken = await mailbox.NextAsync();

        await RawClient.SendAsync(world.Inbound, null, "<>", $"<{FeedbackWorld.Complaints}>", Complaint(taken.Content));
        await world.Events.OneAsync("complained");
        await world.Events.OneAsync("suppression-added");
        await world.SubmitAsync("reader@x.test");
        await world.Events.OneAsync("suppressed");
        await world.SubmitAsync("reader@x.test", "transactional");

        Assert.That((await mailbox.NextAsync()).To[0], Does.StartWith("<reader@x.test>"));
    }

    [Test]
    public async Task Reports_without_a_token_change_nothing()
    {
        await using var mailbox = MailboxPeer.Start();
        await using var world = await StartAsync(mailbox);
        await world.SubmitAsync("reader@x.test");
        var taken = await mailbox.NextAsync();
        var forged = taken.Content.Replace("CFBL-Feedback-ID: ", "CFBL-Feedback-ID: 0", StringComparison.Ordinal);

        await RawClient.SendAsync(world.Inbound, null, "<>", $"<{FeedbackWorld.Complaints}>", Complaint(forged));
        using var guard = new CancellationTokenSource(JourneyWorld.Patience, TimeProvider.System);
        var replies = await RawClient.TalkAsync(world.Inbound, ["MAIL FROM:<>", $"RCPT TO:<{new string('0', 64)}@{FeedbackWorld.ReturnPath}>", "RCPT TO:<reader@x.test>", "RCPT TO:<shop@demo.test>"], guard.Token);
        await world.SubmitAsync("reader@x.test");
        await mailbox.NextAsync();

        Assert.That(replies.Skip(1).Select(static reply => reply[..3]), Has.All.EqualTo("550"));
        Assert.That((await world.Events.AllAsync()).Select(JourneyEvents.Kind), Has.None.AnyOf("suppression-added", "suppressed"));
    }

    [Test]
    public async Task The_link_in_the_message_takes_the_reader_out_of_the_stream_and_of_no_other()
    {
        await using var mailbox = MailboxPeer.Start();
        await using var world = await StartAsync(mailbox);
        await using var server = new UnsubscribeServer(world.Web, world.Host.Parts.Inbound.Unsubscribe, TimeProvider.System, NullLogger.Instance);
        await server.StartAsync(CancellationToken.None);
        await world.SubmitAsync("reader@x.test");
        var taken = await mailbox.NextAsync();
        var at = taken.Content.IndexOf("<https://u.demo.test/", StringComparison.Ordinal) + "<https://u.demo.test/".Length;
        var token = taken.Content[at..taken.Content.IndexOf('>', at)];
        using var http = new HttpClient { BaseAddress = new Uri($"http://{world.Web}/") };

        Assert.That((await http.GetAsync(new Uri(token, UriKind.Relative))).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await world.Events.AllAsync()).Select(JourneyEvents.Kind), Has.None.EqualTo("unsubscribed"), "looking does not act");
        using var body = new StringContent("List-Unsubscribe=One-Click", Encoding.ASCII, "application/x-www-form-urlencoded");
        Assert.That((await http.PostAsync(new Uri(token, UriKind.Relative), body)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        await world.Events.OneAsync("unsubscribed");
        await world.SubmitAsync("reader@x.test");
        await world.Events.OneAsync("suppressed");
        await world.SubmitAsync("reader@x.test", "marketing");

        Assert.That((await mailbox.NextAsync()).Content, Does.Contain("List-Unsubscribe-Post: List-Unsubscribe=One-Click"));
    }

    [Test]
    public async Task An_answering_machine_is_no_bounce()
    {
        await using var mailbox = MailboxPeer.Start();
        await using var world = await StartAsync(mailbox);
        await world.SubmitAsync("reader@x.test");
        var taken = await mailbox.NextAsync();

        await RawClient.SendAsync(
            world.Inbound,
            null,
            "<reader@x.test>",
            $"<{taken.Sender}>",
            $"From: <reader@x.test>\r\nTo: <{taken.Sender}>\r\nSubject: Out of office\r\nAuto-Submitted: auto-replied\r\nMessage-ID: <1@x.test>\r\n\r\nI am away until Monday. User unknown is a film.\r\n");
        await world.Events.OneAsync("auto-reply");

        Assert.That((await world.Events.AllAsync()).Select(JourneyEvents.Kind), Has.None.EqualTo("suppression-added"));
    }

    [Test]
    public async Task Where_the_configuration_says_reject_RCPT_hears_it()
    {
        await using var mailbox = MailboxPeer.Start();
        await using var world = await StartAsync(mailbox, static options => options with { Suppression = options.Suppression with { Answer = Engine.Configuration.SuppressionAnswer.Reject } });
        var address = Mailbox.Parse("No.More@X.test");
        var list = world.Host.Parts.Suppressions;
        await list.AddAsync(
            new SuppressionEntry(list.DigestOf(address), SuppressionScope.OfAccount(world.Host.Parts.Inbound.KeyOf("demo", string.Empty)), SuppressionReason.Manual, SuppressionOrigin.Operator, TimeProvider.System.GetUtcNow()),
            address,
            CancellationToken.None);
        using var guard = new CancellationTokenSource(JourneyWorld.Patience, TimeProvider.System);

        var replies = await RawClient.TalkAsync(
            world.World.Engine.SubmissionEndPoints[0],
            [$"AUTH PLAIN {world.World.Login.ToPlain()}", "MAIL FROM:<shop@demo.test>", "RCPT TO:<no.more@x.test>", "RCPT TO:<other@x.test>"],
            guard.Token);

        Assert.That(replies.Skip(2), Is.EqualTo(new[] { "550 5.7.1 Recipient is suppressed: manual", "250 2.1.5 Recipient ok" }));
    }

    [Test]
    public async Task Ten_complaints_in_a_thousand_pause_the_campaign_and_nothing_else()
    {
        await using var mailbox = MailboxPeer.Start();
        await using var world = await StartAsync(mailbox);
        await world.SubmitAsync("reader@x.test");
        var taken = await mailbox.NextAsync();
        for (var at = 0; at < 1_000; at++)
        {
            world.Host.Parts.Senders.Watch.Heard(new Engine.Reputation.SenderNews
            {
                Kind = at < 991 ? Engine.Reputation.SenderNewsKind.Delivered : Engine.Reputation.SenderNewsKind.Complained,
                Account = "demo",
                Stream = "news",
                Campaign = "autumn",
                Class = StreamClass.Marketing,
                At = TimeProvider.System.GetUtcNow(),
            });
        }

        // The tenth comes by mail: its token knows the campaign.
        await RawClient.SendAsync(world.Inbound, null, "<>", $"<{FeedbackWorld.Complaints}>", Complaint(taken.Content));
        var paused = await world.Events.OneAsync("campaign-paused");
        await world.SubmitAsync("other@x.test");
        await world.World.QueueAsync(static counts => counts.Queued == 1);
        await world.SubmitAsync("other@x.test", campaign: "winter");

        Assert.That((FeedbackWorld.Text(paused, "campaign"), FeedbackWorld.Text(paused, "rule")), Is.EqualTo(("autumn", "brakes/complaint")));
        Assert.That((await mailbox.NextAsync()).To[0], Does.StartWith("<other@x.test>"));
    }

    private static Task<FeedbackWorld> StartAsync(MailboxPeer mailbox, Func<Engine.Configuration.EngineOptions, Engine.Configuration.EngineOptions>? adjust = null) =>
        FeedbackWorld.StartAsync(new Dictionary<string, int> { ["x.test"] = mailbox.Port }, adjust);

    private static string Complaint(string original) =>
        "From: <fbl@provider.test>\r\nTo: <fbl@engine.demo.test>\r\nSubject: FW: news\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=feedback-report; boundary=\"b\"\r\n\r\n"
        + "--b\r\nContent-Type: text/plain\r\n\r\nThis is a report of abuse.\r\n\r\n"
        + "--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nUser-Agent: Provider/1\r\nVersion: 1\r\n\r\n"
        + $"--b\r\nContent-Type: message/rfc822\r\n\r\n{original}\r\n--b--\r\n";
}
