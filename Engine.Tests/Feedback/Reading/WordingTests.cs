using Engine.Configuration.Providers;
using Engine.Feedback.Reading;

namespace Engine.Tests.Feedback.Reading;

/// <summary>The table of words by mail system.</summary>
internal sealed class WordingTests
{
    [Test]
    public void Every_rule_can_decide() =>
        Assert.Multiple(() =>
        {
            foreach (var table in new[] { Wordings.Early, Wordings.Late })
            {
                Assert.That(table.Rules.Select(static rule => rule.Id), Is.Unique);
                foreach (var rule in table.Rules)
                {
                    Assert.That(rule.Words.Any(words => ReferenceEquals(table.Find($"It said: {words}."), rule)), Is.True, rule.Id);
                    Assert.That(rule.Words, Has.All.Matches<string>(words => table.Find(words?.ToUpperInvariant()) is not null || !System.Text.Ascii.IsValid(words)), rule.Id);
                }
            }
        });

    [Test]
    public void Only_words_about_the_recipient_prove_anything() =>
        Assert.That(Wordings.Early.Rules.Concat(Wordings.Late.Rules).Where(static rule => rule.Proves).Select(static rule => rule.Category.Id).Distinct(), Is.SubsetOf(new[] { "bad_recipient", "bad_domain" }));

    [Test]
    public void Every_category_is_one_of_the_data() =>
        Assert.That(Wordings.Early.Rules.Concat(Wordings.Late.Rules).Select(static rule => rule.Category.Id).Distinct(), Is.SubsetOf(ProviderBook.Shipped.Rules.Select(static rule => rule.Category.Id).Append("recipient_block")));

    [TestCase("no rule here", null)]
    [TestCase("in the queue too long; mailbox is full", "exim.full")]
    [TestCase("Meldung: Benutzer nicht im Domino-Verzeichnis", "domino.nobody")]
    [TestCase("このアドレスはDomino ディレクトリには見つかりません", "domino.nobody")]
    public void The_first_rule_decides(string text, string? id) => Assert.That(Wordings.Early.Find(text)?.Id, Is.EqualTo(id));
}
