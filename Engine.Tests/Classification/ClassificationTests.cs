using Engine.Classification;
using Engine.Configuration;
using Engine.Configuration.Providers;
using Engine.Mail;

namespace Engine.Tests.Classification;

internal sealed class ClassificationTests
{
    private static readonly ReplyClassifier Shared = new();

    [TestCase(450, "4.2.0", "Greylisted, try again in 60 seconds", "greylist", Disposition.Retry)]
    [TestCase(451, "4.7.1", "Please retry in 5 minutes", "greylist", Disposition.Retry)]
    [TestCase(421, "4.7.0", "Too many concurrent SMTP connections", "conn_limit", Disposition.Retry)]
    [TestCase(452, "4.5.3", "Too many recipients", "rcpt_limit", Disposition.Split)]
    [TestCase(452, "4.2.2", "Mailbox full", "mailbox_full", Disposition.Retry)]
    [TestCase(451, "", "Temporary local problem", "server_busy", Disposition.Retry)]
    [TestCase(450, "", "what is this", "unknown_temp", Disposition.Retry)]
    [TestCase(550, "5.1.1", "No such user", "bad_recipient", Disposition.Suppress)]
    [TestCase(550, "5.7.1", "Greylisting forever", "policy", Disposition.Fail, Description = "a 5xx is no greylisting")]
    [TestCase(552, "5.3.4", "Message too big", "too_large", Disposition.Fail)]
    [TestCase(554, "", "no", "unknown_perm", Disposition.Fail)]
    public void A_reply_is_judged_by_text_then_code(int code, string enhanced, string text, string category, object disposition)
    {
        var judgement = Shared.JudgeReply((ushort)code, EnhancedCode.Parse(enhanced), text);

        Assert.That(judgement.Category.Id, Is.EqualTo(category));
        Assert.That(judgement.Disposition, Is.EqualTo(disposition));
    }

    [Test]
    public void A_4xx_is_always_tried_again_and_nothing_suppresses([Range(400, 499)] int code)
    {
        var judgement = Shared.JudgeReply((ushort)code, default, "5.1.1 no such user");

        Assert.That(judgement.IsRetry, Is.True);
        Assert.That(judgement.Disposition, Is.Not.EqualTo(Disposition.Suppress));
    }

    [TestCase(550, SmtpCommand.Rcpt, 5, true)]
    [TestCase(550, SmtpCommand.Dot, 1, true)]
    [TestCase(550, SmtpCommand.Dot, 2, false)]
    [TestCase(550, SmtpCommand.Mail, 1, false)]
    [TestCase(550, SmtpCommand.Data, 1, false)]
    [TestCase(550, SmtpCommand.Connect, 1, false)]
    [TestCase(450, SmtpCommand.Rcpt, 1, false)]
    public void Only_a_reply_that_is_the_recipients_suppresses(int code, object command, int recipients, bool hard)
    {
        var judgement = Shared.JudgeReply(null, (ushort)code, default, "user unknown", (SmtpCommand)command, recipients);

        Assert.That(judgement.IsHard, Is.EqualTo(hard));
        Assert.That(judgement.Disposition is Disposition.Suppress, Is.EqualTo(hard));
        Assert.That(judgement.Category.Id, Is.EqualTo("bad_recipient"));
    }

    [Test]
    public void Only_a_providers_rule_makes_a_4xx_a_failure()
    {
        const string Text = "This message is suspicious due to the nature of the content";

        Assert.That(Shared.JudgeReply("google", 421, EnhancedCode.Parse("4.7.0"), Text, SmtpCommand.Dot, 1).Disposition, Is.EqualTo(Disposition.Fail));
        Assert.That(Shared.JudgeReply(null, 421, EnhancedCode.Parse("4.7.0"), Text, SmtpCommand.Dot, 1).Disposition, Is.EqualTo(Disposition.Retry));
    }

    [Test]
    public void A_5xx_that_is_tried_again_gets_two_more_attempts()
    {
        var listed = Shared.JudgeReply(554, EnhancedCode.Parse("5.7.1"), "Client host [192.0.2.1] blocked using zen.spamhaus.org");

        Assert.That(listed.Disposition, Is.EqualTo(Disposition.RetryOtherSource));
        Assert.That(listed.MaxFurtherAttempts, Is.EqualTo(2));
        Assert.That(listed.Schedule, Is.EqualTo(RetryKind.Blocked));
        Assert.That(listed.Alert, Is.EqualTo(AlertLevel.Page));
        Assert.That(listed.Hold, Is.EqualTo(FlowScope.SourceAtProvider));
        Assert.That(listed.Actions.Select(action => action.Operation), Is.EqualTo(new[] { FlowOperation.Pause, FlowOperation.RecheckBlocklists }));
        Assert.That(Shared.JudgeReply(450, default, "try later").MaxFurtherAttempts, Is.Null);
    }

    [Test]
    public void Outcomes_of_our_own_meet_no_rule([Values] OutcomeKind kind)
    {
        var judgement = Shared.Judge(new Outcome { Slot = 1, Kind = kind, Text = "550 5.1.1 user unknown", Command = SmtpCommand.Rcpt, Recipients = 1 }, "google");

        Assert.That(judgement.IsHard, Is.EqualTo(kind is OutcomeKind.Refused));
        Assert.That(judgement.Rule, kind is OutcomeKind.Refused ? Is.EqualTo("generic.unknown_user") : Does.StartWith("engine."));
    }

    [TestCase("4.4.1", "engine.unreachable", "network")]
    [TestCase("4.7.5", "engine.tls_policy", "remote_config", Description = "DANE, MTA-STS: the receiver's trouble, whatever the way")]
    public void A_host_that_does_not_come_to_what_is_asked_of_TLS_is_no_networks_trouble(string enhanced, string rule, string category)
    {
        var judgement = Shared.Judge(new Outcome { Slot = 1, Kind = OutcomeKind.Unreachable, Enhanced = EnhancedCode.Parse(enhanced), Text = "x", Command = SmtpCommand.StartTls });

        Assert.That((judgement.Rule, judgement.Category.Id, judgement.IsRetry), Is.EqualTo((rule, category, true)));
    }

    [Test]
    public void A_full_mailbox_is_a_strike_and_holds_nothing()
    {
        var full = Shared.JudgeReply(452, EnhancedCode.Parse("4.2.2"), "mailbox full");

        Assert.That((full.IsStrike, full.IsHard, full.Hold, full.Schedule), Is.EqualTo((true, false, (FlowScope?)null, RetryKind.MailboxFull)));
        Assert.That(Shared.JudgeReply(null, 452, default, "mailbox full", SmtpCommand.Mail, 1).IsStrike, Is.False);
    }

    [Test]
    public void A_long_text_is_cut_and_not_refused() =>
        Assert.That(Shared.JudgeReply(550, default, "user unknown " + new string('x', 100_000)).Category.Id, Is.EqualTo("bad_recipient"));

    [Test]
    public void Judging_allocates_nothing()
    {
        Shared.JudgeReply("google", 550, EnhancedCode.Parse("5.1.1"), "The email account that you tried to reach does not exist", SmtpCommand.Rcpt, 1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 1_000; round++)
        {
            Shared.JudgeReply("google", 550, EnhancedCode.Parse("5.1.1"), "The email account that you tried to reach does not exist", SmtpCommand.Rcpt, 1);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(10_000));
    }

    [TestCase(RetryKind.Default, 1, 120)]
    [TestCase(RetryKind.Default, 7, 14_400)]
    [TestCase(RetryKind.Default, 70, 14_400, Description = "the last repeats")]
    [TestCase(RetryKind.Greylist, 1, 65)]
    [TestCase(RetryKind.Short, 3, 30)]
    [TestCase(RetryKind.Short, 4, 120, Description = "a schedule that has ended goes over to the default one")]
    [TestCase(RetryKind.MailboxFull, 2, 86_400)]
    [TestCase(RetryKind.RecipientRate, 9, 3_600)]
    [TestCase(RetryKind.Blocked, 3, 14_400)]
    [TestCase(RetryKind.Uncertain, 1, 1_800, Description = "never before half an hour")]
    public void Delays_follow_the_schedule(object kind, int failures, int seconds)
    {
        var delay = new RetryPlanner(new Random(1)).DelayAfter((RetryKind)kind, failures, new RetryOptions { Jitter = 0 });

        Assert.That(delay, Is.EqualTo(TimeSpan.FromSeconds(seconds)));
    }

    [Test]
    public void What_is_throttled_waits_for_control_and_else_by_the_data()
    {
        var (now, options, planner) = (DateTimeOffset.UnixEpoch, new RetryOptions { Jitter = 0 }, new RetryPlanner(new Random(1)));
        var throttled = Shared.JudgeReply(450, default, "rate limit exceeded");

        Assert.That(throttled.Schedule, Is.EqualTo(RetryKind.Throttled));
        Assert.That(planner.DueAfter(throttled, 1, options, now, now.AddMinutes(17)), Is.EqualTo(now.AddMinutes(17)));
        Assert.That(planner.DueAfter(throttled, 2, options, now), Is.EqualTo(now.AddMinutes(20)));
        Assert.That(planner.DueAfter(throttled, 2, options with { Throttled = RetrySchedule.Parse("7m x*") }, now, now.AddHours(1)), Is.EqualTo(now.AddMinutes(7)));
    }

    [Test]
    public void Jitter_stays_within_its_share()
    {
        var planner = new RetryPlanner(new Random(1));
        var delays = Enumerable.Range(0, 200).Select(_ => planner.DelayAfter(RetryKind.Default, 1, new RetryOptions()).TotalSeconds).ToArray();

        Assert.That(delays, Is.All.InRange(108, 132));
        Assert.That(delays.Distinct().Count(), Is.GreaterThan(100));
    }
}
