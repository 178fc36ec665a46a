using Engine.Feedback.Reading;
using Engine.Feedback.Reports;
using Engine.Mail;
using Engine.Suppression;

namespace Engine.Tests.Feedback.Reports;

internal sealed class ReportDeskTests
{
    private const string Mail = "From: mailer-daemon@b.example\r\nSubject: x\r\n\r\nbody\r\n";

    [Test]
    public async Task A_hard_bounce_suppresses_the_tokens_recipient_and_tells_it()
    {
        using var rig = new ReportRig();
        rig.Report = ReportRig.Saying(ReportRig.Bounce("Reader@b.example"));
        await rig.SendAsync(Mail, rig.Address(rig.Token(TokenPurpose.Bounce)));

        var (entry, address) = rig.List.Entries.Single();
        Assert.That(
            (entry.Address, entry.Scope, entry.Reason, entry.Origin, address),
            Is.EqualTo((SuppressionsInMemory.Digest(ReportRig.Reader), SuppressionScope.OfAccount(StreamKey.Of("acme", 0, "news")), SuppressionReason.Hard, SuppressionOrigin.Bounce, "Reader@b.example")));
        Assert.That(rig.Events.Lines, Is.EqualTo(new[] { "SuppressionAdded 0 scope account, for ever Reader@b.example", "BounceReport 550 Reader@b.example" }));
        var line = rig.Events.All[1];
        Assert.That(
            (line.Id, line.Account, line.Stream, line.Category.Id, line.Disposition, line.Enhanced.ToString(), line.Reply),
            Is.EqualTo((new MessageId(77), "acme", "news", "bad_recipient", Disposition.Suppress, "5.1.1", "550 5.1.1 no such user")));
        Assert.That(rig.Events.All[0].Rule, Is.EqualTo("hard/bounce"));
        Assert.That(rig.News.Lines, Is.EqualTo(new[] { "Bounce hard acme/news bad_recipient" }));
    }

    [Test]
    public async Task A_bounce_that_names_another_address_suppresses_the_tokens_recipient_alone()
    {
        using var rig = new ReportRig();
        rig.Report = ReportRig.Saying(ReportRig.Bounce("victim@b.example"));
        await rig.SendAsync(Mail, rig.Address(rig.Token(TokenPurpose.Bounce)));

        Assert.That(rig.List.Entries.Single(), Is.EqualTo((rig.List.Entries[0].Entry with { Address = SuppressionsInMemory.Digest(ReportRig.Reader) }, string.Empty)), "the other address is not kept as his");
        Assert.That(rig.Events.Lines[1], Is.EqualTo("BounceReport 550 reported for victim@b.example"));
    }

    [Test]
    public async Task Of_several_reported_the_tokens_own_counts()
    {
        using var rig = new ReportRig();
        rig.Report = ReportRig.Saying(ReportRig.Bounce("other@b.example"), ReportRig.Bounce(ReportRig.Reader, isHard: false));
        await rig.SendAsync(Mail, rig.Address(rig.Token(TokenPurpose.Bounce)));

        Assert.That(rig.List.Entries, Is.Empty);
        Assert.That(rig.Events.All.Single().Disposition, Is.EqualTo(Disposition.Fail));
    }

    [Test]
    public async Task A_token_of_the_whole_message_suppresses_nobody()
    {
        using var rig = new ReportRig();
        rig.Report = ReportRig.Saying(ReportRig.Bounce("victim@b.example"), ReportRig.Bounce("other@b.example"));
        var address = rig.Address(rig.Token(TokenPurpose.Bounce, recipient: null));
        await rig.SendAsync(Mail, address);
        await rig.SendAsync(Mail, address);

        Assert.That(rig.List.Entries, Is.Empty);
        Assert.That(rig.Events.All.Select(line => (line.Kind, line.Disposition)), Is.EqualTo(Enumerable.Repeat((EventKind.BounceReport, (Disposition?)Disposition.Fail), 2)), "each reported once");
        Assert.That(rig.News.Lines, Is.Empty, "who holds one copy could otherwise brake its sender");
    }

    [TestCase(ReportKind.Bounce, EventKind.BounceReport, Disposition.Fail, "Bounce soft acme/news bad_recipient")]
    [TestCase(ReportKind.Delay, EventKind.BounceReport, Disposition.Retry, null)]
    [TestCase(ReportKind.AutoReply, EventKind.AutoReply, null, null)]
    public async Task What_is_no_hard_bounce_is_only_told(ReportKind kind, EventKind expected, object? disposition, string? news)
    {
        using var rig = new ReportRig();
        rig.Report = ReportRig.Saying(ReportRig.Bounce(ReportRig.Reader, isHard: false) with { Kind = kind });
        await rig.SendAsync(Mail, rig.Address(rig.Token(TokenPurpose.Bounce)));

        Assert.That(rig.List.Entries, Is.Empty);
        Assert.That(rig.Events.All.Select(line => (line.Kind, (object?)line.Disposition)), Is.EqualTo(new[] { (expected, disposition) }));
        Assert.That(rig.News.Lines, news is null ? Is.Empty : Is.EqualTo(new[] { news }));
    }

    [Test]
    public async Task The_same_report_twice_changes_nothing()
    {
        using var rig = new ReportRig();
        rig.Report = ReportRig.Saying(ReportRig.Bounce(ReportRig.Reader));
        await rig.SendAsync(Mail, rig.Address(rig.Token(TokenPurpose.Bounce)));
        var told = rig.Events.Lines;
        await rig.SendAsync(Mail, rig.Address(rig.Token(TokenPurpose.Bounce)));

        Assert.That((rig.List.Entries.Count, rig.News.Lines.Count), Is.EqualTo((1, 1)));
        Assert.That(rig.Events.Lines, Is.EqualTo(told));
    }

    [Test]
    public void Nothing_is_told_that_is_not_lasting_and_the_next_try_tells_it()
    {
        using var rig = new ReportRig();
        rig.Report = ReportRig.Saying(ReportRig.Bounce(ReportRig.Reader));
        rig.List.Fault = new IOException("disk full");
        Assert.That(() => rig.SendAsync(Mail, rig.Address(rig.Token(TokenPurpose.Bounce))), Throws.InstanceOf<IOException>());
        Assert.That((rig.Events.All.Count, rig.News.Lines.Count), Is.EqualTo((0, 0)));

        rig.List.Fault = null;
        Assert.That(() => rig.SendAsync(Mail, rig.Address(rig.Token(TokenPurpose.Bounce))), Throws.Nothing);
        Assert.That(rig.Events.All, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_complaint_with_the_token_of_the_returned_header_suppresses()
    {
        using var rig = new ReportRig();
        rig.Report = ReportRig.Saying(ReportRig.Complaint()) with { FeedbackId = rig.Ring.Seal(rig.Token(TokenPurpose.Complaint)) };
        await rig.SendAsync(Mail, "FBL@mta1.example.com");

        var entry = rig.List.Entries.Single().Entry;
        Assert.That((entry.Reason, entry.Origin, entry.Scope.Class), Is.EqualTo((SuppressionReason.Complaint, SuppressionOrigin.Report, StreamClass.Marketing)));
        Assert.That(rig.Events.Lines, Is.EqualTo(new[] { "SuppressionAdded 0 scope account, marketing, for ever", "Complained 0 abuse" }));
        Assert.That(rig.News.Lines, Is.EqualTo(new[] { "Complaint soft acme/news unknown" }));
    }

    [Test]
    public async Task A_complaint_to_a_complaint_token_suppresses()
    {
        using var rig = new ReportRig();
        rig.Report = ReportRig.Saying(ReportRig.Complaint());
        await rig.SendAsync(Mail, rig.Address(rig.Token(TokenPurpose.Complaint)));

        Assert.That(rig.List.Entries, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Not_spam_suppresses_nobody()
    {
        using var rig = new ReportRig();
        rig.Report = ReportRig.Saying(ReportRig.Complaint("not-spam"));
        await rig.SendAsync(Mail, rig.Address(rig.Token(TokenPurpose.Complaint)));

        Assert.That((rig.List.Entries.Count, rig.News.Lines.Count), Is.EqualTo((0, 0)));
        Assert.That(rig.Events.Lines, Is.EqualTo(new[] { "Complained 0 not-spam" }));
    }

    [TestCase("")]
    [TestCase("acme:news:77")]
    public async Task A_complaint_without_a_good_token_is_kept_and_told_and_never_acted_on(string feedbackId)
    {
        using var rig = new ReportRig();
        rig.Report = ReportRig.Saying(ReportRig.Complaint(address: ReportRig.Reader)) with { FeedbackId = feedbackId };
        await rig.SendAsync(Mail, "fbl@mta1.example.com");

        Assert.That((rig.List.Entries.Count, rig.News.Lines.Count), Is.EqualTo((0, 0)));
        Assert.That(rig.Events.Lines, Is.EqualTo(new[] { "Complained 0 without a good token: kept, not acted on" }));
        Assert.That(rig.Shelf.List(10).Single().Why, Is.EqualTo("a complaint without a good token"));
    }

    [Test]
    public async Task A_complaint_to_a_bounce_token_proves_nothing()
    {
        using var rig = new ReportRig();
        rig.Report = ReportRig.Saying(ReportRig.Complaint());
        await rig.SendAsync(Mail, rig.Address(rig.Token(TokenPurpose.Bounce)));

        Assert.That(rig.List.Entries, Is.Empty);
    }

    [TestCase(77u, 1, TestName = "A_message_token_and_the_return_path_of_the_same_message_name_the_recipient")]
    [TestCase(78u, 0, TestName = "The_return_path_of_another_message_does_not")]
    public async Task A_message_token(uint id, int suppressed)
    {
        using var rig = new ReportRig();
        rig.Report = ReportRig.Saying(ReportRig.Complaint(address: "victim@b.example")) with
        {
            FeedbackId = rig.Ring.Seal(rig.Token(TokenPurpose.Complaint, recipient: null)),
            OriginalSender = rig.Address(rig.Token(TokenPurpose.Bounce, id: id)),
        };
        await rig.SendAsync(Mail, "fbl@mta1.example.com");

        Assert.That(rig.List.Entries.Select(entry => entry.Entry.Address), Is.EqualTo(Enumerable.Repeat(SuppressionsInMemory.Digest(ReportRig.Reader), suppressed)));
        Assert.That(rig.Events.All[^1].Kind, Is.EqualTo(EventKind.Complained));
    }

    [Test]
    public async Task A_mail_to_an_unsubscribe_token_unsubscribes_once()
    {
        using var rig = new ReportRig();
        var address = rig.Address(rig.Token(TokenPurpose.Unsubscribe));
        await rig.SendAsync(Mail, address, address);
        await rig.SendAsync(Mail, address);

        var entry = rig.List.Entries.Single().Entry;
        Assert.That((entry.Scope.Kind, entry.Reason, entry.Origin), Is.EqualTo((ScopeKind.Stream, SuppressionReason.Unsubscribe, SuppressionOrigin.Mail)));
        Assert.That(rig.Events.All.Select(line => line.Kind), Is.EqualTo(new[] { EventKind.SuppressionAdded, EventKind.Unsubscribed }));
    }

    [Test]
    public async Task What_nothing_could_be_read_from_is_kept()
    {
        using var rig = new ReportRig();
        var address = rig.Address(rig.Token(TokenPurpose.Bounce));
        await rig.SendAsync(Mail, address);
        await rig.SendAsync(Mail, "fbl@mta1.example.com");

        Assert.That(rig.Shelf.List(10).Select(mail => (mail.To, mail.From, mail.Client)), Is.EqualTo(new[] { ("fbl@mta1.example.com", string.Empty, "192.0.2.25"), (address, string.Empty, "192.0.2.25") }));
        Assert.That(rig.Events.All, Is.Empty);
    }

    [Test]
    public async Task Numbers_stand_for_accounts_that_are_gone()
    {
        using var rig = new ReportRig();
        rig.Report = ReportRig.Saying(ReportRig.Bounce(ReportRig.Reader));
        await rig.SendAsync(Mail, rig.Address(rig.Token(TokenPurpose.Bounce) with { Stream = new StreamKey(4711, 5) }));

        Assert.That((rig.Events.All[1].Account, rig.Events.All[1].Stream), Is.EqualTo(("#4711", "#5")));
        Assert.That(rig.List.Entries, Has.Count.EqualTo(1), "the scope needs the number only");
    }

    [Test]
    public async Task A_queued_recipient_ends_before_the_answer()
    {
        var queued = new EndedBounces();
        using var rig = new ReportRig(queued: queued);
        rig.Report = ReportRig.Saying(ReportRig.Bounce(ReportRig.Reader));
        await rig.SendAsync(Mail, rig.Address(rig.Token(TokenPurpose.Bounce)));
        rig.Report = ReportRig.Saying(ReportRig.Bounce(ReportRig.Reader, isHard: false));
        await rig.SendAsync(Mail, rig.Address(rig.Token(TokenPurpose.Bounce, id: 78)));

        Assert.That(queued.Ids, Is.EqualTo(new[] { new MessageId(77) }));
    }

    private sealed class EndedBounces : IQueuedBounces
    {
        public List<MessageId> Ids { get; } = [];

        public ValueTask EndAsync(ReturnToken token, ReportedRecipient bounce, CancellationToken stop)
        {
            Ids.Add(token.Id);
            return ValueTask.CompletedTask;
        }
    }
}
