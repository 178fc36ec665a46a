using Engine.Classification;
using Engine.Configuration.Providers;

namespace Engine.Tests.Classification;

/// <summary>Looking for texts first must never change what is found.</summary>
internal sealed class PrefilterTests
{
    private const int Mutations = 3;

    private static readonly ProviderBook Book = ProviderBook.Shipped;

    [Test]
    public void The_rule_found_is_the_first_of_all_that_match()
    {
        var generic = Set(null);
        var own = Book.Providers.ToDictionary(provider => provider.Id, Set);
        var chance = new Random(20261122);
        var count = 0;
        foreach (var (provider, reply) in Replies().Distinct())
        {
            for (var round = 0; round <= Mutations; round++)
            {
                var raw = RawReply.Parse(round == 0 ? reply : Mutated(reply, chance));
                var line = Line(raw);
                foreach (var set in provider is null ? [generic] : new[] { own[provider], generic })
                {
                    var (found, expected) = (set.First(raw.Code, line), set.FirstOfAll(raw.Code, line));
                    count++;
                    if (!ReferenceEquals(found, expected))
                    {
                        Assert.Fail($"'{line}': found {found?.Rule.Id}, expected {expected?.Rule.Id}");
                    }
                }
            }
        }

        Assert.That(count, Is.GreaterThan(5_000));
    }

    [TestCase("(user|recipient) (is )?unknown", "user unknown,user is unknown,recipient unknown,recipient is unknown", true)]
    [TestCase("^5\\d\\d .*over ?-?quota", "over-quota", false)]
    [TestCase("\\bspam(my)?\\b", "spam", false)]
    [TestCase("a.*", null, false)]
    [TestCase("[abc]{2,3}x?y+", null, false)]
    [TestCase("(?=look)ahead", null, false)]
    [TestCase("Mailbox [Ff]ull", "mailbox full", true)]
    public void Texts_are_read_off_a_pattern(string pattern, string? expected, bool whole)
    {
        var texts = PatternLiterals.Of(pattern, out var isWhole);

        Assert.That(isWhole && texts is not null, Is.EqualTo(whole));
        if (expected is null)
        {
            Assert.That(texts, Is.Null);
        }
        else
        {
            Assert.That(expected.Split(','), Has.All.Matches<string>(text => (texts ?? []).Any(known => text!.StartsWith(known, StringComparison.Ordinal))));
        }
    }

    [TestCase("^421 x", null, new[] { 0, 421 }, new[] { 420, 550 })]
    [TestCase("^4\\d\\d", null, new[] { 0, 400, 499 }, new[] { 399, 500 })]
    [TestCase("^55[03] x", null, new[] { 550, 553 }, new[] { 551, 450 })]
    [TestCase("^(452|450) x", null, new[] { 450, 452 }, new[] { 451 })]
    [TestCase("^\\d{3} x", null, new[] { 0, 200, 599 }, new int[0])]
    [TestCase("^4?50 x", null, new[] { 0, 450, 550 }, new int[0])]
    [TestCase("x", "5xx", new[] { 500, 599 }, new[] { 0, 499 })]
    [TestCase("x", "421", new[] { 421 }, new[] { 0, 422 })]
    public void Codes_are_read_off_a_pattern(string pattern, string? bound, int[] can, int[] cannot)
    {
        var codes = CodeSet.Of(pattern, bound);

        Assert.That(can.Select(code => codes[CodeSet.PlaceOf((ushort)code)]), Is.All.True);
        Assert.That(cannot.Select(code => codes[CodeSet.PlaceOf((ushort)code)]), Is.All.False);
    }

    private static IEnumerable<(string? Provider, string Reply)> Replies() =>
        Book.Providers.SelectMany(provider => provider.Rules).Concat(Book.Rules).Select(rule => (rule.Provider, rule.Sample))
            .Concat(Corpus.All().Select(row => (row.Provider, row.Reply)));

    private static RuleSet Set(Provider? provider) =>
        new((provider?.Rules ?? Book.Rules).Select(rule => ReplyRule.Of(rule, provider, Book)));

    private static string Line(RawReply raw)
    {
        var line = new char[raw.Text.Length + ReplyLine.HeadLength];
        return new string(line, 0, ReplyLine.Write(raw.Code, raw.Enhanced, raw.Text, line));
    }

    // Letters changed in case, left out, doubled, swapped, made foreign; another code in front.
    private static string Mutated(string reply, Random chance)
    {
        var text = reply.ToCharArray().ToList();
        for (var change = chance.Next(1, 6); change > 0 && text.Count > 4; change--)
        {
            var at = chance.Next(text.Count);
            switch (chance.Next(7))
            {
                case 0:
                    text[at] = char.IsUpper(text[at]) ? char.ToLowerInvariant(text[at]) : char.ToUpperInvariant(text[at]);
                    break;
                case 1:
                    text.RemoveAt(at);
                    break;
                case 2:
                    text.Insert(at, text[at]);
                    break;
                case 3:
                    (text[at], text[0]) = (text[0], text[at]);
                    break;
                case 4:
                    text[at] = "\u212A\u0130\u017F\u00E9 .-45"[chance.Next(9)];
                    break;
                case 5:
                    text.RemoveRange(at, Math.Min(text.Count - at, chance.Next(12)));
                    break;
                default:
                    text[0] = "245"[chance.Next(3)];
                    break;
            }
        }

        return new string([.. text]);
    }
}
