using System.Runtime.Versioning;
using System.Text;
using Engine.Configuration;
using Engine.Daemon;
using Engine.Dkim;
using Engine.Mail;
using Engine.Queue;
using Engine.Submission;
using Engine.Tests.Dkim;

namespace Engine.Tests.Submission;

/// <summary>Signing as submission does it, with keys from files.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class SignedMailTests
{
    private const string Envelope = "MAIL FROM:<shop@acme.example>\r\nRCPT TO:<r0@b.example>\r\nRCPT TO:<r1@b.example>\r\nRCPT TO:<r2@b.example>\r\nDATA\r\n";

    private readonly string _directory = Directory.CreateTempSubdirectory("engine-signed-").FullName;
    private readonly CollectedEvents _events = new();
    private readonly ManualClock _clock = new();

    [TearDown]
    public void Remove() => Directory.Delete(_directory, recursive: true);

    // Marketing of acme: a head for each recipient.
    [TestCase(ExistingSignatures.Keep, "s1 s1 other")]
    [TestCase(ExistingSignatures.Remove, "s1")]
    public async Task Signatures_a_message_comes_with_are_kept_or_removed_in_every_head(ExistingSignatures existing, string selectors)
    {
        Write("acme.example.s1", Pem());
        SigningKey[] clients = [Key("s1"), Samples.Ed25519("other")];
        var came = "From: shop@acme.example\r\nSubject: News\r\nDate: Sun, 22 Nov 2026 02:00:00 +0000\r\nMessage-ID: <1@acme.example>\r\n\r\nBody.\r\n";
        var signed = Encoding.Latin1.GetString(Samples.Sign(Encoding.Latin1.GetBytes(came), clients));
        var snapshot = Snapshot(options => options with { Existing = existing });
        using var parts = Parts(snapshot);
        using var rig = new DialogueRig(listener: "submission", snapshot: snapshot, digestOf: FeedbackRig.DigestOf, sealer: parts.MakeSealer());
        _ = await rig.GreetAsync("acme/app");

        Assert.That(await rig.SayAsync($"{Envelope}{signed}.\r\n"), Does.Contain("250 2.0.0 "));
        var kept = rig.Store.Next();
        Assert.That(kept.Heads.Distinct().Count(), Is.EqualTo(3));
        foreach (var head in kept.Heads)
        {
            var results = Verifier(Key("s1"), clients[1]).Verify(Encoding.Latin1.GetBytes(head + kept.Body));
            Assert.That(results.Select(result => result.Identity.Selector), Is.EqualTo(selectors.Split(' ')));
            Assert.That(results.Select(result => result.Verdict), Is.All.EqualTo(DkimVerdict.Pass), string.Join("; ", results.Select(result => result.Reason)));
        }
    }

    [Test]
    public async Task Mail_whose_key_is_broken_gets_451_never_goes_unsigned_and_is_told_once()
    {
        Write("acme.example.s1", "no key");
        var snapshot = Snapshot();
        using var parts = Parts(snapshot);
        using var rig = new DialogueRig(listener: "submission", snapshot: snapshot, digestOf: FeedbackRig.DigestOf, sealer: parts.MakeSealer());
        _ = await rig.GreetAsync("acme/app");

        for (var at = 0; at < 3; at++)
        {
            Assert.That(await rig.SendAsync("From: shop@acme.example\r\n\r\nBody."), Does.EndWith("451 4.7.0 The sender domain's configuration has a fault: its operator has been told\r\n"));
        }

        Assert.That(rig.Store.Count, Is.Zero);
        var alert = _events.All.Single();
        Assert.That((alert.Kind, alert.Rule, alert.Who, alert.RecipientIndex), Is.EqualTo((EventKind.Alert, "dkim/broken", "acme.example", -1)));
        Assert.That(alert.Reason, Does.Contain("acme.example.s1.pem holds no PEM block"));

        Write("acme.example.s1", Pem());
        Assert.That(await rig.SendAsync("From: shop@acme.example\r\n\r\nBody."), Does.Contain("250 2.0.0 "));
        Assert.That(rig.Store.Next().Head, Does.StartWith("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=acme.example; s=s1;"));
    }

    [Test]
    public async Task Who_may_sign_can_change_between_two_messages()
    {
        Write("acme.example.s1", Pem());
        Write("acme.example.s2", Pem());
        var snapshot = Snapshot();
        using var parts = Parts(snapshot);
        using var rig = new DialogueRig(listener: "submission", snapshot: snapshot, digestOf: FeedbackRig.DigestOf, sealer: parts.MakeSealer());
        _ = await rig.GreetAsync("acme/app");
        var seen = new List<string>();
        foreach (var selector in (string[])["s1", "s2"])
        {
            parts.Load(new Only(selector));
            Assert.That(await rig.SendAsync("From: shop@acme.example\r\n\r\nBody."), Does.Contain("250 2.0.0 "));
            seen.Add(FeedbackRig.Field(rig.Store.Next().Head, "DKIM-Signature")!.Split("s=")[1][..2]);
        }

        parts.Load(KeyRing.Load(snapshot, new Findings(), null, parts.Keys));
        Assert.That(parts.Keys.For(DomainName.Parse("acme.example")).Single().Selector, Is.EqualTo("s2"), "a reload does not forget who may sign");
        Assert.That(seen, Is.EqualTo(new[] { "s1", "s2" }));
    }

    [Test]
    public async Task A_reload_with_another_canonicalisation_counts_from_the_next_message_on()
    {
        Write("acme.example.s1", Pem());
        var snapshot = Snapshot();
        using var parts = Parts(snapshot);
        using var rig = new DialogueRig(listener: "submission", snapshot: snapshot, digestOf: FeedbackRig.DigestOf, sealer: parts.MakeSealer());
        _ = await rig.GreetAsync("acme/app");
        foreach (var form in (SignatureForm[])[SignatureForm.RelaxedRelaxed, SignatureForm.SimpleSimple, SignatureForm.RelaxedSimple, SignatureForm.SimpleRelaxed])
        {
            parts.Load(KeyRing.Load(Snapshot(options => options with { Canonicalization = form }), new Findings(), null, parts.Keys));
            Assert.That(await rig.SendAsync("From:  shop@acme.example\r\n\r\nBody  with \t blanks. "), Does.Contain("250 2.0.0 "));
            var kept = rig.Store.Next();

            Assert.That(Verifier(Key("s1")).Verify(Encoding.Latin1.GetBytes(kept.Head + kept.Body)).Single().Verdict, Is.EqualTo(DkimVerdict.Pass), form.ToString());
            Assert.That(FeedbackRig.Field(kept.Head, "DKIM-Signature")!.Replace("/", string.Empty, StringComparison.Ordinal), Does.Contain($"c={form};".ToLowerInvariant()).IgnoreCase);
        }
    }

    [Test]
    public async Task Scheduled_mail_leaves_with_a_signature_that_still_holds()
    {
        Write("acme.example.s1", Pem());
        var snapshot = Snapshot(options => options with { Expires = TimeSpan.FromDays(5) });
        using var parts = Parts(snapshot);
        using var rig = new DialogueRig(listener: "submission", snapshot: snapshot, digestOf: FeedbackRig.DigestOf, sealer: parts.MakeSealer());
        _ = await rig.GreetAsync("acme/app");
        var due = rig.Clock.GetUtcNow().AddDays(10);

        Assert.That(await rig.SendAsync($"From: shop@acme.example\r\nX-Engine-Send-At: {due:yyyy-MM-dd'T'HH:mm:ss'Z'}\r\n\r\nBody."), Does.Contain("250 2.0.0 "));
        var field = FeedbackRig.Field(rig.Store.Next().Head, "DKIM-Signature")!;
        Assert.That(field, Does.Contain($"t={rig.Clock.GetUtcNow().ToUnixTimeSeconds()};").And.Contain($"x={due.AddDays(5).ToUnixTimeSeconds()};"));
    }

    [Test]
    public async Task Mail_of_our_own_is_not_sent_unsigned_either()
    {
        Write("mta1.example.com.s1", "no key");
        using var parts = Parts(Snapshot());
        using var metrics = new SubmissionMetrics();
        var store = new CollectingStore(_clock);
        var intake = new OwnIntake(new RulesInForce(new CurrentSnapshot(Sample.Snapshot())), store, parts.MakeSealer, new IntakeLedger(_events, metrics, _clock), _clock);
        var message = new OwnMessage(default, default, [Mailbox.Parse("r@b.example")], "From: mailer-daemon@mta1.example.com\r\n\r\nx\r\n"u8.ToArray());

        await Assert.ThatAsync(async () => await intake.AcceptAsync(message, Guard.Token()), Throws.InstanceOf<IntakeRefusedException>());
        Assert.That(store.Count, Is.Zero);
        Assert.That(_events.All.Single().Rule, Is.EqualTo("dkim/broken"));
    }

    private static RsaSigningKey Key(string selector) => Samples.Rsa(2_048, selector);

    private DkimVerifier Verifier(params SigningKey[] keys) =>
        new(_clock, identity => new DkimKeyAnswer([.. keys.Where(key => key.Selector == identity.Selector).Select(key => DkimRecord.For(key).Text)]));

    private static string Pem() => Samples.RsaPem;

    private SigningParts Parts(Snapshot snapshot) => new(KeyRing.Load(snapshot, new Findings()), _events, _clock);

    private Snapshot Snapshot(Func<DkimOptions, DkimOptions>? change = null) => FeedbackRig.Snapshot(options: options =>
    {
        var bare = options.Dkim with { Directory = _directory };
        return options with { Dkim = change?.Invoke(bare) ?? bare };
    });

    private void Write(string name, string text)
    {
        var path = Path.Join(_directory, name + ".pem");
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private sealed class Only(string selector) : IKeyStandings
    {
        public bool MaySign(DomainName domain, string other) => other == selector;
    }
}
