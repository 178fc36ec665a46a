using System.Text;
using System.Text.RegularExpressions;
using Engine.Configuration;
using Engine.Demo;
using Engine.Dkim;
using Engine.Mail;
using Engine.Submission;

namespace Engine.Tests.Submission;

/// <summary>Header fields that are added so that what comes back can be understood.</summary>
internal sealed class FeedbackFieldsTests
{
    private const string Content = "From: shop@acme.example\r\nSubject: News\r\n";

    private static readonly DateTimeOffset Now = new ManualClock().GetUtcNow();

    [Test]
    public async Task Marketing_gets_a_link_that_says_who_unsubscribes_from_what()
    {
        var kept = (await StoreAsync(Content)).Next();
        var unsubscribe = FeedbackRig.Field(kept.Head, "List-Unsubscribe")!;
        var match = Regex.Match(unsubscribe, "^<https://u.example.com/list/([0-9a-z]{64})>, <mailto:([0-9a-z]{64})@bounce.mta1.example.com\\?subject=unsubscribe>$");

        Assert.That(match.Success, Is.True, unsubscribe);
        Assert.That(match.Groups[2].Value, Is.EqualTo(match.Groups[1].Value));
        Assert.That(
            FeedbackRig.Open(match.Groups[1].Value, TokenPurpose.Unsubscribe, Now),
            Is.EqualTo(new ReturnToken(TokenPurpose.Unsubscribe, kept.Envelope.Id, DigestOf("r0@b.example"), StreamKey.Of("acme", 4711, "news"), ReturnToken.DayOf(Now))));
        Assert.That(FeedbackRig.Field(kept.Head, "List-Unsubscribe-Post"), Is.EqualTo("List-Unsubscribe=One-Click"));
    }

    [Test]
    public async Task Every_signed_message_gets_an_address_for_complaints_and_a_token_that_names_it()
    {
        var kept = (await StoreAsync(Content, headers: "X-Engine-Stream: otp\r\n")).Next();

        Assert.That(FeedbackRig.Field(kept.Head, "CFBL-Address"), Is.EqualTo("fbl@mta1.example.com; report=arf"));
        Assert.That(
            FeedbackRig.Open(FeedbackRig.Field(kept.Head, "CFBL-Feedback-ID")!, TokenPurpose.Complaint, Now),
            Is.EqualTo(new ReturnToken(TokenPurpose.Complaint, kept.Envelope.Id, DigestOf("r0@b.example"), StreamKey.Of("acme", 4711, "otp"), ReturnToken.DayOf(Now))));
        Assert.That(FeedbackRig.Field(kept.Head, "List-Unsubscribe"), Is.Null, "nobody unsubscribes from passwords");
    }

    [TestCase("", "news:acme:engine")]
    [TestCase("X-Engine-Campaign: spring\r\n", "spring:news:acme:engine")]
    [TestCase("X-Engine-Campaign: a:b,c@d\r\n", "a-b-c-d:news:acme:engine")]
    public async Task Feedback_id_tells_campaign_stream_and_account_apart(string headers, string expected) =>
        Assert.That(FeedbackRig.Field((await StoreAsync(Content, headers: headers)).Next().Head, "Feedback-ID"), Is.EqualTo(expected));

    [Test]
    public async Task What_the_submitter_wrote_himself_stays_alone()
    {
        const string Own = "List-Unsubscribe: <https://own.example/u>\r\nFeedback-ID: own\r\nCFBL-Address: own@acme.example\r\n";
        var kept = (await StoreAsync(Content + Own, recipients: 2)).Next();

        Assert.That(FeedbackRig.Field(kept.Head, "List-Unsubscribe"), Is.EqualTo("<https://own.example/u>"));
        Assert.That(FeedbackRig.Field(kept.Head, "List-Unsubscribe-Post"), Is.Null);
        Assert.That(FeedbackRig.Field(kept.Head, "Feedback-ID"), Is.EqualTo("own"));
        Assert.That(FeedbackRig.Field(kept.Head, "CFBL-Address"), Is.EqualTo("own@acme.example"));
        Assert.That(FeedbackRig.Field(kept.Head, "CFBL-Feedback-ID"), Is.Null);
        Assert.That(kept.Heads, Has.Count.EqualTo(1), "nothing differs");
    }

    [Test]
    public async Task Without_a_signature_nothing_is_added_that_would_need_one()
    {
        var kept = (await StoreAsync(Content.Replace("acme", "mail.acme.example.sub.mail.acme", StringComparison.Ordinal))).Next();

        Assert.That(FeedbackRig.Field(kept.Head, "List-Unsubscribe"), Does.Contain("https://u.example.com/list/"));
        Assert.That(FeedbackRig.Field(kept.Head, "List-Unsubscribe-Post"), Is.Null);
        Assert.That(FeedbackRig.Field(kept.Head, "Feedback-ID"), Is.Null);
        Assert.That(FeedbackRig.Field(kept.Head, "CFBL-Address"), Is.Null);
    }

    [Test]
    public async Task Without_an_endpoint_there_is_the_mailto_variant_alone()
    {
        var kept = (await StoreAsync(Content, FeedbackRig.Snapshot(new FeedbackOptions { ReturnPath = "back.example.com" }))).Next();

        Assert.That(FeedbackRig.Field(kept.Head, "List-Unsubscribe"), Does.Match("^<mailto:[0-9a-z]{64}@back.example.com\\?subject=unsubscribe>$"));
        Assert.That(FeedbackRig.Field(kept.Head, "List-Unsubscribe-Post"), Is.Null);
        Assert.That(FeedbackRig.Field(kept.Head, "CFBL-Address"), Is.Null);
    }

    [Test]
    public async Task Without_keys_nothing_is_added()
    {
        var kept = (await StoreAsync(Content, Sample.Snapshot(), recipients: 2)).Next();

        Assert.That(kept.Head, Does.Not.Contain("List-Unsubscribe").And.Not.Contain("CFBL").And.Not.Contain("Feedback-ID"));
        Assert.That(kept.Heads, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Each_of_several_recipients_gets_a_head_that_names_him()
    {
        var kept = (await StoreAsync(Content, recipients: 3)).Next();

        Assert.That(kept.Envelope.Recipients.Select(recipient => (int)recipient.Head), Is.EqualTo(new[] { 0, 1, 2 }));
        Assert.That(kept.Heads, Has.Count.EqualTo(3));
        for (var at = 0; at < 3; at++)
        {
            var link = Regex.Match(FeedbackRig.Field(kept.Heads[at], "List-Unsubscribe")!, "mailto:([0-9a-z]+)@").Groups[1].Value;
            Assert.That(FeedbackRig.Open(link, TokenPurpose.Unsubscribe, Now).Recipient, Is.EqualTo(DigestOf($"r{at}@b.example")));
            Assert.That(FeedbackRig.Open(FeedbackRig.Field(kept.Heads[at], "CFBL-Feedback-ID")!, TokenPurpose.Complaint, Now).Recipient, Is.EqualTo(DigestOf($"r{at}@b.example")));
            Assert.That(kept.Heads[at], Does.Contain("Subject: News\r\n").And.EndsWith("\r\n\r\n").And.Not.Contain("for <"));
        }
    }

    [Test]
    public async Task Never_makes_one_head_that_names_the_message_and_has_no_link()
    {
        var kept = (await StoreAsync(Content, FeedbackRig.Snapshot(account: acme => acme with { PerRecipient = PerRecipient.Never }), recipients: 3)).Next();

        Assert.That(kept.Heads, Has.Count.EqualTo(1));
        Assert.That(FeedbackRig.Field(kept.Head, "List-Unsubscribe"), Is.Null);
        Assert.That(FeedbackRig.Open(FeedbackRig.Field(kept.Head, "CFBL-Feedback-ID")!, TokenPurpose.Complaint, Now).Recipient, Is.Default);
    }

    [Test]
    public async Task Never_leaves_a_single_recipient_his_link()
    {
        var kept = (await StoreAsync(Content, FeedbackRig.Snapshot(account: acme => acme with { PerRecipient = PerRecipient.Never }))).Next();

        Assert.That(FeedbackRig.Field(kept.Head, "List-Unsubscribe"), Is.Not.Null);
    }

    [Test]
    public async Task Always_makes_a_head_for_each_though_they_are_equal()
    {
        var kept = (await StoreAsync(Content, FeedbackRig.Snapshot(new FeedbackOptions(), acme => acme with { PerRecipient = PerRecipient.Always }), recipients: 2, headers: "X-Engine-Stream: otp\r\n")).Next();

        Assert.That(kept.Heads, Has.Count.EqualTo(2));
        Assert.That(kept.Heads[1], Is.EqualTo(kept.Heads[0]));
    }

    [Test]
    public async Task A_message_id_that_campaigns_use_again_is_replaced_and_kept()
    {
        var snapshot = FeedbackRig.Snapshot(account: acme => acme with { UniqueMessageId = true });
        var kept = (await StoreAsync("From: shop@acme.example\r\nMessage-Id:\r\n <campaign@acme.example>\r\nSubject: News\r\n", snapshot)).Next();

        Assert.That(FeedbackRig.Field(kept.Head, "Message-ID"), Is.EqualTo($"<{kept.Envelope.Id}@mta1.example.com>"));
        Assert.That(FeedbackRig.Field(kept.Head, "X-Original-Message-ID"), Is.EqualTo("<campaign@acme.example>"));
        Assert.That(kept.Envelope.HeaderMessageId, Is.EqualTo("campaign@acme.example"), "events name the submitter's");
    }

    [Test]
    public async Task Heads_that_would_fill_the_memory_are_refused()
    {
        using var rig = new DialogueRig(listener: "submission", snapshot: FeedbackRig.Snapshot(), digestOf: FeedbackRig.DigestOf, memory: 256 << 10);
        _ = await rig.GreetAsync("acme/app");

        Assert.That(await rig.SayAsync(Envelope(200) + Content + "\r\nBody.\r\n.\r\n"), Does.EndWith("452 4.3.1 Too much mail at once: try again\r\n"));
        Assert.That(rig.Blocks.Used, Is.Zero);
        Assert.That(await rig.SayAsync(Envelope(2) + Content + "\r\nBody.\r\n.\r\n"), Does.Contain("250 2.0.0 "));
        Assert.That(rig.Blocks.Used, Is.Zero);
    }

    [Test]
    public async Task A_refused_header_of_several_recipients_is_refused_as_before()
    {
        using var rig = new DialogueRig(listener: "submission", snapshot: FeedbackRig.Snapshot(), digestOf: FeedbackRig.DigestOf);
        _ = await rig.GreetAsync("acme/app");

        Assert.That(await rig.SayAsync(Envelope(2) + "Subject: no From\r\n\r\nBody.\r\n.\r\n"), Does.Contain("550 5.6.0"));
    }

    [Test]
    public async Task Every_head_has_signatures_of_its_own_that_cover_what_was_added()
    {
        var directory = Directory.CreateTempSubdirectory("engine-feedback-").FullName;
        try
        {
            var names = new DnsTable();
            DemoKeys.Create(directory, "acme.example", names);
            var snapshot = FeedbackRig.Snapshot(options: options => options with { Dkim = options.Dkim with { Directory = directory } });
            var ring = KeyRing.Load(snapshot, new Findings());
            using var work = new SigningWork(1);
            using var sealer = new DkimSealer(() => ring, work);
            var store = await StoreAsync(Content, snapshot, recipients: 3, sealer: sealer, messages: 2);

            for (var message = 0; message < 2; message++)
            {
                var kept = store.Next();
                Assert.That(kept.Heads.Distinct().Count(), Is.EqualTo(3));
                foreach (var head in kept.Heads)
                {
                    Verify(head, kept.Body, names);
                }
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static void Verify(string head, string body, DnsTable names)
    {
        var verifier = new DkimVerifier(new ManualClock(), identity => new DkimKeyAnswer(names.Texts($"{identity.Selector}._domainkey.{identity.Domain}")));
        Assert.That(Verdicts(head), Is.EqualTo(new[] { DkimVerdict.Pass, DkimVerdict.Pass }));
        foreach (var name in new[] { "List-Unsubscribe", "List-Unsubscribe-Post", "CFBL-Address", "CFBL-Feedback-ID", "Feedback-ID" })
        {
            Assert.That(Verdicts(head.Replace($"\r\n{name}: ", $"\r\n{name}: x", StringComparison.Ordinal)), Has.All.EqualTo(DkimVerdict.Fail), $"{name} can be changed");
            Assert.That(Verdicts($"{name}: x\r\n{head}"), Has.All.EqualTo(DkimVerdict.Fail), $"another {name} can be added");
        }

        IEnumerable<DkimVerdict> Verdicts(string changed) => verifier.Verify(Encoding.Latin1.GetBytes(changed + body)).Select(result => result.Verdict);
    }

    private static string Envelope(int recipients) =>
        "MAIL FROM:<shop@acme.example>\r\n" + string.Concat(Enumerable.Range(0, recipients).Select(at => $"RCPT TO:<r{at}@b.example>\r\n")) + "DATA\r\n";

    private static AddressDigest DigestOf(string address) => FeedbackRig.DigestOf(Mailbox.Parse(address));

    private static async Task<CollectingStore> StoreAsync(string content, Snapshot? snapshot = null, int recipients = 1, string headers = "", IHeadSealer? sealer = null, int messages = 1)
    {
        using var rig = new DialogueRig(listener: "submission", snapshot: snapshot ?? FeedbackRig.Snapshot(), digestOf: FeedbackRig.DigestOf, sealer: sealer);
        _ = await rig.GreetAsync("acme/app");
        for (var message = 0; message < messages; message++)
        {
            Assert.That(await rig.SayAsync($"{Envelope(recipients)}{headers}{content}\r\nBody {message}.\r\n.\r\n"), Does.Contain("250 2.0.0 "));
        }

        return rig.Store;
    }
}
