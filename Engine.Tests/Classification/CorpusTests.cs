using Engine.Classification;
using Engine.Configuration.Providers;

namespace Engine.Tests.Classification;

/// <summary>Floors over replies that others labelled. They only rise.</summary>
internal sealed class CorpusTests
{
    // "filtered" is Sisimai's word for "user unknown" in reply to DATA, and no command stands in the text; "suspend" is a closed mailbox, which we suppress and
    // Sisimai does not. Neither says that the recipient is good.
    private static readonly string[] Disputed = ["filtered", "suspend"];

    private static readonly ReplyClassifier Classifier = new();

    [Test]
    public void Hard_is_said_of_what_others_call_hard()
    {
        var rows = Corpus.Sisimai().Where(row => row["action"].Length > 0).Select(row => (Row: row, Judgement: row.Judged(Classifier))).ToList();
        var agreed = rows.Where(row => !Disputed.Contains(row.Row["category"])).ToList();
        var right = agreed.Count(row => row.Judgement.IsHard && row.Row["action"] == "hard");
        var wrong = agreed.Where(row => row.Judgement.IsHard && row.Row["action"] == "soft").ToList();
        var missed = agreed.Where(row => !row.Judgement.IsHard && row.Row["action"] == "hard").ToList();
        TestContext.Out.WriteLine($"right {right}, wrong {wrong.Count}, missed {missed.Count}, disputed {rows.Count - agreed.Count}");

        Assert.Multiple(() =>
        {
            Assert.That(right / (double)(right + wrong.Count), Is.GreaterThanOrEqualTo(0.97), () => Told(wrong));
            Assert.That(right / (double)(right + missed.Count), Is.GreaterThanOrEqualTo(0.97), () => Told(missed));
        });
    }

    [Test]
    public void Hardly_a_reply_is_unknown()
    {
        var rows = Corpus.Sisimai().Where(row => row["action"].Length > 0).Concat(Corpus.ZoneMta()).Select(row => (Row: row, Judgement: row.Judged(Classifier))).ToList();
        var unknown = rows.Where(row => row.Judgement.Category.Id.StartsWith("unknown", StringComparison.Ordinal)).ToList();
        TestContext.Out.WriteLine($"unknown {unknown.Count} of {rows.Count}");

        Assert.That(unknown.Count / (double)rows.Count, Is.LessThanOrEqualTo(0.04), () => Told(unknown));
    }

    [Test]
    public void What_others_try_again_is_tried_again_and_what_they_reject_fails()
    {
        var wrong = Corpus.ZoneMta().Select(row => (Row: row, Judgement: row.Judged(Classifier))).Where(row => row.Judgement.IsRetry != (row.Row["action"] == "defer")).ToList();

        Assert.That(wrong, Has.Count.AtMost(2), () => Told(wrong));
    }

    [Test]
    public void No_4xx_suppresses()
    {
        var wrong = Corpus.All().Select(row => (Row: row, Judgement: row.Judged(Classifier))).Where(row => row.Judgement.IsHard && RawReply.Parse(row.Row.Reply).Code is >= 400 and < 500).ToList();

        Assert.That(wrong, Is.Empty, () => Told(wrong));
    }

    [Test]
    public void Every_known_case_holds() =>
        Assert.Multiple(() =>
        {
            foreach (var row in Corpus.Cases())
            {
                var judgement = row.Judged(Classifier);
                var disposition = row["disposition"].Replace("retry_other_ip", "retry-other-source", StringComparison.Ordinal).Replace('_', '-');
                Assert.That((judgement.Rule, judgement.Category.Id, DispositionWords.Of(judgement.Disposition)), Is.EqualTo((row["rule"], row["category"], disposition)), row.Reply);
            }
        });

    [Test]
    public void Categories_agree_with_theirs()
    {
        // Sisimai's reason, and ours that mean the same. One in ten may differ: a reply often has two reasons.
        var ours = new Dictionary<string, string>
        {
            ["userunknown"] = "bad_recipient",
            ["hostunknown"] = "bad_domain",
            ["notaccept"] = "bad_domain",
            ["mailboxfull"] = "mailbox_full",
            ["authfailure"] = "auth_fail",
            ["requireptr"] = "ptr_helo",
            ["spamdetected"] = "spam_content",
            ["suspend"] = "inactive_recipient",
            ["mesgtoobig"] = "too_large",
            ["exceedlimit"] = "too_large",
            ["failedstarttls"] = "tls_required",
        };
        var rows = Corpus.Sisimai().Where(row => ours.ContainsKey(row["category"])).Select(row => (Row: row, Judgement: row.Judged(Classifier))).ToList();
        foreach (var reason in rows.GroupBy(row => row.Row["category"]))
        {
            TestContext.Out.WriteLine($"{reason.Key}: {reason.Count(row => row.Judgement.Category.Id == ours[reason.Key])} of {reason.Count()}");
        }

        var wrong = rows.Where(row => row.Judgement.Category.Id != ours[row.Row["category"]]).ToList();
        Assert.That(wrong.Count / (double)rows.Count, Is.LessThanOrEqualTo(0.12), () => Told(wrong));
    }

    private static string Told(IEnumerable<(Corpus.Row Row, Judgement Judgement)> rows) =>
        string.Join('\n', rows.Select(row => $"{row.Row.Columns.GetValueOrDefault("category")} → {row.Judgement.Rule}: {row.Row.Reply}"));
}
