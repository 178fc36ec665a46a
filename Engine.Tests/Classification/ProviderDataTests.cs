using System.Diagnostics;
using Engine.Classification;
using Engine.Configuration.Providers;
using Engine.Mail;

namespace Engine.Tests.Classification;

/// <summary>Lint of the shipped provider data.</summary>
internal sealed class ProviderDataTests
{
    private static readonly ProviderBook Book = ProviderBook.Shipped;

    private static readonly ReplyClassifier Classifier = new();

    private static IEnumerable<ProviderRule> Rules => Book.Providers.SelectMany(provider => provider.Rules).Concat(Book.Rules);

    // So none is unreachable: the whole classifier is asked, and its first match must be the rule.
    [Test]
    public void Every_rule_decides_its_sample() =>
        Assert.Multiple(() =>
        {
            foreach (var rule in Rules)
            {
                var raw = RawReply.Parse(rule.Sample);
                var found = Classifier.Find(rule.Provider, raw.Code, raw.Enhanced, raw.Text);
                Assert.That(found?.Rule.Id, Is.EqualTo(rule.Id), rule.Sample);
            }
        });

    [Test]
    public void Every_pattern_compiles_in_linear_time() =>
        Assert.Multiple(() =>
        {
            foreach (var pattern in Rules.SelectMany(rule => rule.Patterns))
            {
                Assert.That(() => MxTable.Compile(pattern), Throws.Nothing, pattern);
            }
        });

    [Test]
    public void Every_provider_is_found_by_each_of_its_hosts_and_domains() =>
        Assert.Multiple(() =>
        {
            foreach (var provider in Book.Providers)
            {
                foreach (var suffix in provider.MxSuffixes)
                {
                    Assert.That(Book.OfExchanger(suffix.StartsWith('.') ? $"mx1{suffix}" : suffix)?.Id, Is.EqualTo(provider.Id), suffix);
                }

                foreach (var domain in provider.Domains)
                {
                    Assert.That(Book.OfDomain(domain)?.Id, Is.EqualTo(provider.Id), domain.Name);
                }

                Assert.That(provider.MxSuffixes.Count + provider.MxPatterns.Count, Is.Positive, provider.Id);
            }
        });

    [TestCase("aspmx.l.google.com", "google")]
    [TestCase("ASPMX.L.GOOGLE.COM.", "google")]
    [TestCase("hotmail-com.olc.protection.outlook.com", "outlook")]
    [TestCase("example-com.mail.protection.outlook.com", "microsoft365")]
    [TestCase("inbound-smtp.us-west-2.amazonaws.com", "amazon_inbound")]
    [TestCase("msmx.au.com", "kddi")]
    [TestCase("mail.shop.au.com", null)]
    [TestCase("google.com.example.net", null)]
    [TestCase("mygoogle.com", null)]
    [TestCase("", null)]
    public void A_host_belongs_to_the_longest_suffix(string host, string? provider) => Assert.That(Book.OfExchanger(host)?.Id, Is.EqualTo(provider));

    [Test]
    public void The_most_preferred_exchanger_that_has_a_provider_gives_it()
    {
        Assert.That(Book.OfExchangers(["mx.example.net", "aspmx.l.google.com", "mx1.mail.ru"])?.Id, Is.EqualTo("google"));
        Assert.That(Book.OfExchangers(["mx.example.net"]), Is.Null);
        Assert.That(Book.OfDomain(DomainName.Parse("gmail.com"))?.Id, Is.EqualTo("google"));
    }

    [Test]
    public void Rules_name_sources_that_are_listed() => Assert.That(Rules.SelectMany(rule => rule.Sources).Where(source => !Book.Sources.ContainsKey(source)), Is.Empty);

    [Test]
    public void No_category_that_says_little_of_a_recipient_suppresses() =>
        Assert.That(Rules.Where(rule => rule.Category.Id is "unknown_perm" or "policy" or "spam_content" && rule.Disposition is Disposition.Suppress), Is.Empty);

    [Test]
    public void Gmail_has_its_limit()
    {
        var limit = Book.ShippedLimits["google/ip"];

        Assert.That((limit.Connections, limit.MessagesPerConnection, limit.Rate), Is.EqualTo((5, 50, (Engine.Configuration.Rate?)null)));
        Assert.That(Book.Find("google")!.Limits.RecipientsPerTransaction, Is.EqualTo(100));
        Assert.That(Book.Find("proofpoint")!.RollupByHost, Is.True);
    }

    [Test]
    public void Only_the_last_resorts_are_asked_for_every_reply()
    {
        var blind = new RuleSet(Book.Rules.Select(rule => ReplyRule.Of(rule, null, Book))).Blind.Select(pattern => pattern.Rule.Rule.Id);

        Assert.That(blind, Is.SubsetOf(new[] { "generic.any4", "generic.any5" }));
    }

    [Test]
    public void The_shipped_data_loads_within_a_tenth_of_a_second()
    {
        // The best of some: other tests run beside.
        var best = Enumerable.Range(0, 8).Min(_ =>
        {
            var watch = Stopwatch.StartNew();
            GC.KeepAlive(new ProviderBook(ProviderBook.ReadShipped()));
            return watch.ElapsedMilliseconds;
        });

        Assert.That(best, Is.LessThan(100));
    }
}
