using System.Text;
using Engine.Configuration;
using Engine.Daemon;
using Engine.Demo;
using Engine.Dkim;
using Engine.Mail;
using Engine.Suppression;
using Engine.Tests.Submission;

namespace Engine.Tests.Journeys;

/// <summary>The return path that receivers see.</summary>
internal sealed class ReturnPathJourneys
{
    // Of the list and of tokens: the file is the same.
    private static readonly SuppressionKey Key = new(Encoding.ASCII.GetBytes(new string('k', 32)));

    private static readonly VerifySignatures Verify = static (message, names, signatures) =>
    {
        var results = new DkimVerifier(TimeProvider.System, identity => new DkimKeyAnswer(names.Texts($"{identity.Selector}._domainkey.{identity.Domain}"))).Verify(message.Span);
        return results.Count == signatures && results.All(static result => result.Verdict is DkimVerdict.Pass);
    };

    private static readonly string[] Two = ["one@one.test", "two@one.test"];

    [Test]
    public async Task With_verp_for_recipients_each_goes_in_a_transaction_of_his_own()
    {
        await using var world = await StartAsync(Verp.Recipient);
        var number = await world.SubmitAsync(Two);
        await world.DeliveredAsync(number);

        var taken = world.Receptions.ToArray();
        Assert.That(taken.Select(mail => mail.Recipients.Single()), Is.EquivalentTo(Two));
        foreach (var mail in taken)
        {
            var token = Open(world, mail.Sender);
            Assert.That(token.Recipient, Is.EqualTo(Key.DigestOf(Mailbox.Parse(mail.Recipients[0]))));
            Assert.That(token.Id.ToString(), Is.EqualTo(mail.EngineId));
            Assert.That(token.Stream, Is.EqualTo(StreamKey.Of("demo", 1, "transactional")));
        }
    }

    [Test]
    public async Task With_verp_for_messages_they_share_one()
    {
        await using var world = await StartAsync(Verp.Message);
        var number = await world.SubmitAsync(Two);
        await world.DeliveredAsync(number);

        var mail = world.Receptions.Single();
        var token = Open(world, mail.Sender);
        Assert.That(mail.Recipients, Is.EquivalentTo(Two));
        Assert.That((token.Recipient, token.Id.ToString()), Is.EqualTo((default(AddressDigest), mail.EngineId)));
    }

    [Test]
    public async Task Without_verp_the_submitters_return_path_goes_out()
    {
        await using var world = await StartAsync(Verp.Off);
        var number = await world.SubmitAsync(Two);
        await world.DeliveredAsync(number);

        Assert.That(world.Receptions.Single().Sender, Is.EqualTo("shop@demo.test"));
    }

    [Test]
    public async Task Below_the_senders_domain_it_is_aligned()
    {
        await using var world = await StartAsync(Verp.Recipient, static options => options with
        {
            Domains = new Dictionary<string, DomainOptions> { ["*"] = new() { ReturnPath = "bounce.{domain}" } },
        });
        var number = await world.SubmitAsync("one@one.test");
        await world.DeliveredAsync(number);

        Assert.That(world.Receptions.Single().Sender, Does.EndWith("@bounce.demo.test"));
    }

    [Test]
    public async Task Mail_from_before_goes_with_a_token_of_the_attempt()
    {
        await using var world = await StartAsync(Verp.Off, static options => options with { Delivery = options.Delivery with { Mode = DeliveryMode.Hold } });
        var number = await world.SubmitAsync(Two);
        await world.StopEngineAsync();
        await world.StartEngineAsync(static options => options with
        {
            Feedback = options.Feedback with { Verp = Verp.Recipient },
            Delivery = options.Delivery with { Mode = DeliveryMode.Send },
        });
        await world.DeliveredAsync(number);

        Assert.That(world.Receptions.Select(mail => Open(world, mail.Sender).Recipient), Is.EquivalentTo(Two.Select(each => Key.DigestOf(Mailbox.Parse(each)))));
    }

    [Test]
    public async Task A_notice_keeps_the_null_return_path()
    {
        await using var world = await StartAsync(
            Verp.Recipient,
            static options => options with { Accounts = options.Accounts.ToDictionary(account => account.Key, account => account.Value with { Notices = Notices.Dsn }) },
            static _ => [House("one.test", new ReceiverScript { RefusedPrefix = "gone" }), House("demo.test", new ReceiverScript())]);
        var number = await world.SubmitAsync("gone@one.test");
        await world.RefusedAsync(number);
        await world.QueueAsync(static counts => counts.Queued == 0);

        Assert.That(world.Receptions.Single(mail => mail.Recipients.Contains("shop@demo.test")).Sender, Is.Empty);
    }

    [Test]
    public async Task Each_recipient_of_marketing_gets_a_head_of_his_own_whose_signatures_hold()
    {
        await using var world = await StartAsync(Verp.Recipient, static options => options with
        {
            Feedback = options.Feedback with { Unsubscribe = new UnsubscribeOptions { Url = "https://u.demo.test" }, Complaints = ["fbl@engine.demo.test"] },
            Accounts = options.Accounts.ToDictionary(account => account.Key, account => account.Value with { DefaultStream = "marketing" }),
        });
        var number = await world.SubmitAsync(Two);
        await world.DeliveredAsync(number);
        await world.VerifiedAsync();

        Assert.That(LedgerSummary.Of(world.Ledger).SignaturesFailed, Is.Zero);
        foreach (var mail in world.Receptions)
        {
            var head = Encoding.Latin1.GetString(mail.Content.Span);
            var complaint = Open(world, FeedbackRig.Field(head, "CFBL-Feedback-ID")! + "@", TokenPurpose.Complaint);
            Assert.That(complaint.Recipient, Is.EqualTo(Key.DigestOf(Mailbox.Parse(mail.Recipients.Single()))));
            Assert.That(FeedbackRig.Field(head, "List-Unsubscribe-Post"), Is.EqualTo("List-Unsubscribe=One-Click"));
            Assert.That(FeedbackRig.Field(head, "Feedback-ID"), Is.EqualTo("marketing:demo:engine"));
        }

        Assert.That(world.Receptions, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Heads_of_many_recipients_are_more_than_one_frame_and_go_each_to_its_own()
    {
        await using var world = await StartAsync(Verp.Recipient, static options => options with
        {
            Accounts = options.Accounts.ToDictionary(account => account.Key, account => account.Value with { DefaultStream = "marketing" }),
        });
        var recipients = Enumerable.Range(0, 200).Select(static at => $"reader{at}@one.test").ToArray();
        var number = await world.SubmitAsync(recipients);
        await world.DeliveredAsync(number);
        await world.VerifiedAsync();

        Assert.That(LedgerSummary.Of(world.Ledger).SignaturesFailed, Is.Zero);
        Assert.That(world.Receptions.Select(mail => mail.Recipients.Single()), Is.EquivalentTo(recipients));
        foreach (var mail in world.Receptions)
        {
            var link = FeedbackRig.Field(Encoding.Latin1.GetString(mail.Content.Span), "List-Unsubscribe")!;
            Assert.That(
                Open(world, link["<mailto:".Length..], TokenPurpose.Unsubscribe) with { Purpose = TokenPurpose.Bounce },
                Is.EqualTo(Open(world, mail.Sender)));
        }
    }

    private static Task<JourneyWorld> StartAsync(
        Verp verp, Func<EngineOptions, EngineOptions>? adjust = null, Func<System.Security.Cryptography.X509Certificates.X509Certificate2, IReadOnlyList<ReceiverHouse>>? houses = null) =>
        JourneyWorld.StartAsync(
            static async (snapshot, clock, loggers, stop) => new HostedEngine(await EngineHost.StartAsync(snapshot, clock, loggers, stop)),
            houses ?? (static _ => [House("one.test", new ReceiverScript())]),
            options => adjust is null ? WithKeys(options, verp) : adjust(WithKeys(options, verp)),
            Verify);

    private static EngineOptions WithKeys(EngineOptions options, Verp verp)
    {
        var file = Path.Join(Path.GetDirectoryName(options.State), "token");
        File.WriteAllText(file, new string('k', 32));
        return options with { Suppression = new SuppressionOptions { KeyFile = file }, Feedback = new FeedbackOptions { Verp = verp, TokenKeys = new TokenKeyOptions { Active = "k", Keys = new Dictionary<string, string> { ["k"] = file } } } };
    }

    private static ReturnToken Open(JourneyWorld world, string path, TokenPurpose purpose = TokenPurpose.Bounce)
    {
        var local = Encoding.ASCII.GetBytes(path[..path.IndexOf('@', StringComparison.Ordinal)]);
        Assert.That(world.Snapshot.Feedback.Tokens!.TryOpen(local, purpose, TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(14), out var token), Is.EqualTo(TokenVerdict.Good), path);
        return token;
    }

    private static ReceiverHouse House(string domain, ReceiverScript script) => new([domain], script with { Hostname = "mx." + domain });
}
