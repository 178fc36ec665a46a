using Engine.Configuration;
using Engine.Mail;

namespace Engine.Tests.Configuration;

internal sealed class VerifyTermsTests
{
    [TestCase("acme.example", VerifyLevel.Advise)]
    [TestCase("news.acme.example", VerifyLevel.Required, Description = "what stands at a name holds for that name")]
    [TestCase("plain.example", VerifyLevel.Required)]
    [TestCase("off.example", VerifyLevel.Off)]
    public void A_domain_goes_by_its_own_entry_else_by_the_star(string domain, VerifyLevel level)
    {
        var terms = new VerifyTerms(new EngineOptions
        {
            Domains = new Dictionary<string, DomainOptions>
            {
                ["*"] = new() { Verify = new VerifyOptions() },
                ["acme.example"] = new() { Verify = new VerifyOptions { Level = VerifyLevel.Advise } },
                ["plain.example"] = new() { ReturnPath = "b.plain.example" },
                ["off.example"] = new() { Verify = new VerifyOptions { Level = VerifyLevel.Off } },
            },
        });

        Assert.That(terms.Of(DomainName.Parse(domain)).Level, Is.EqualTo(level));
        Assert.That(terms.Configured.Select(one => one.Name), Is.EquivalentTo(new[] { "acme.example", "plain.example" }));
    }

    [Test]
    public void An_engine_that_was_told_nothing_verifies_nothing()
    {
        var terms = new VerifyTerms(new EngineOptions { Domains = new Dictionary<string, DomainOptions> { ["acme.example"] = new() } });

        Assert.That((terms.IsOff, terms.Configured.Count, terms.Of(DomainName.Parse("acme.example")).Level), Is.EqualTo((true, 0, VerifyLevel.Off)));
    }
}
