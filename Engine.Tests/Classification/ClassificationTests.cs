using Engine.Classification;
using Engine.Configuration;
using Engine.Mail;

namespace Engine.Tests.Classification;

internal sealed class ClassificationTests
{
    [TestCase(450, "4.2.0", "Greylisted, try again in 60 seconds", "greylist", Disposition.Retry)]
    [TestCase(451, "4.7.1", "Please retry in 5 minutes", "greylist", Disposition.Retry)]
    [TestCase(421, "4.7.0", "Too many concurrent SMTP connections", "conn_limit", Disposition.Retry)]
    [TestCase(452, "4.5.3", "Too many recipients", "rcpt_limit", Disposition.Split)]
    [TestCase(452, "4.2.2", "Mailbox full", "mailbox_full", Disposition.Retry)]
    [TestCase(451, "", "Temporary local problem", "server_busy", Disposition.Retry)]
    [TestCase(450, "", "what is this", "unknown_temp", Disposition.Retry)]
    [TestCase(550, "5.1.1", "No such user", "bad_recipient", Disposition.Fail)]
    [TestCase(550, "5.7.1", "Greylisting forever", "unknown_perm", Disposition.Fail, Description = "a 5xx is no greylisting")]
    [TestCase(552, "5.3.4", "Message too big", "too_large", Disposition.Fail)]
    [TestCase(554, "", "no", "unknown_perm", Disposition.Fail)]
    public void A_reply_is_judged_by_text_then_code(int code, string enhanced, string text, string category, object disposition)
    {
        var judgement = new ReplyClassifier().JudgeReply((ushort)code, EnhancedCode.Parse(enhanced), text);

        Assert.That(judgement.Category.Id, Is.EqualTo(category));
        Assert.That(judgement.Disposition, Is.EqualTo(disposition));
    }

    [Test]
    public void A_4xx_is_always_tried_again_and_nothing_suppresses([Range(400, 499)] int code)
    {
        var judgement = new ReplyClassifier().JudgeReply((ushort)code, default, "5.1.1 no such user");

        Assert.That(judgement.IsRetry, Is.True);
        Assert.That(judgement.Disposition, Is.Not.EqualTo(Disposition.Suppress));
    }

    [TestCase(RetryKind.Default, 1, 120)]
    [TestCase(RetryKind.Default, 7, 14_400)]
    [TestCase(RetryKind.Default, 70, 14_400, Description = "the last repeats")]
    [TestCase(RetryKind.Greylist, 1, 65)]
    [TestCase(RetryKind.Short, 3, 30)]
    [TestCase(RetryKind.Short, 4, 120, Description = "a schedule that has ended goes over to the default one")]
    [TestCase(RetryKind.Uncertain, 1, 1_800, Description = "never before half an hour")]
    public void Delays_follow_the_schedule(object kind, int failures, int seconds)
    {
        var delay = new RetryPlanner(new Random(1)).DelayAfter((RetryKind)kind, failures, new RetryOptions { Jitter = 0 });

        Assert.That(delay, Is.EqualTo(TimeSpan.FromSeconds(seconds)));
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
