using Engine.Classification;
using Engine.Configuration.Providers;
using Engine.Feedback;
using Engine.Mail;
using Engine.Queue;
using Engine.Suppression;

namespace Engine.Tests.Feedback;

internal sealed class StrikeRuleTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 4, 0, 0, TimeSpan.Zero);

    private static readonly ReplyClassifier Classifier = new(ProviderBook.Shipped);

    [TestCase("550 5.1.1 no such user", EndKind.Bounced, "", 0, 1, SuppressionReason.Hard)]
    [TestCase("552 5.2.2 mailbox full", EndKind.Bounced, "", 0, 1, SuppressionReason.Warning)]
    [TestCase("452 4.2.2 mailbox full", EndKind.Bounced, "mailbox_full", 3, 71, SuppressionReason.Warning, Description = "not 72 hours yet")]
    [TestCase("452 4.2.2 mailbox full", EndKind.Expired, "mailbox_full", 3, 73, SuppressionReason.Strike)]
    [TestCase("452 4.2.2 mailbox full", EndKind.Expired, "mailbox_full", 2, 73, SuppressionReason.Warning, Description = "not three times")]
    [TestCase("451 4.7.1 try later", EndKind.Expired, "transient", 30, 73, SuppressionReason.None, Description = "its server's trouble, not its own")]
    [TestCase("550 5.7.1 spam", EndKind.Bounced, "", 0, 1, SuppressionReason.None)]
    [TestCase("550 5.1.1 no such user", EndKind.Suppressed, "", 0, 1, SuppressionReason.None, Description = "it was not asked")]
    public void A_final_failure_suppresses_warns_or_says_nothing(string reply, object end, string before, int attempts, int hours, object expected)
    {
        var words = reply.Split(' ', 3);
        var judgement = Classifier.JudgeReply(ushort.Parse(words[0], provider: null), EnhancedCode.Parse(words[1]), words[2]);
        var recipient = new QueuedRecipient { Category = before.Length == 0 ? default : new Category(before), Attempts = (ushort)attempts, Accepted = Now.AddHours(-hours) };

        Assert.That(StrikeRule.ReasonOf((EndKind)end, judgement, recipient, Now), Is.EqualTo((SuppressionReason)expected));
    }

    [Test]
    public void Three_failures_over_three_days_are_a_strike()
    {
        var days = new[] { 0, 1, 2, 3 };
        SuppressionEntry? entry = null;
        var verdicts = new List<bool>();
        foreach (var day in days)
        {
            var now = Now.AddDays(day);
            var count = StrikeRule.Count(entry, now, out var first);
            verdicts.Add(StrikeRule.IsStrike(count, first, now));
            entry = new SuppressionEntry(default, SuppressionScope.Global, SuppressionReason.Warning, SuppressionOrigin.Reply, first) { Count = (byte)count };
        }

        Assert.That(verdicts, Is.EqualTo(new[] { false, false, false, true }));
    }

    [Test]
    public void Warnings_of_long_ago_do_not_count()
    {
        var old = new SuppressionEntry(default, SuppressionScope.Global, SuppressionReason.Warning, SuppressionOrigin.Reply, Now.AddDays(-15)) { Count = 2 };

        Assert.That(StrikeRule.Count(old, Now, out var first), Is.EqualTo(1));
        Assert.That(first, Is.EqualTo(Now));
    }

    [Test]
    public void What_suppresses_already_is_no_warning() =>
        Assert.That(StrikeRule.Count(new SuppressionEntry(default, SuppressionScope.Global, SuppressionReason.Manual, SuppressionOrigin.Operator, Now.AddDays(-1)), Now, out _), Is.EqualTo(1));
}
