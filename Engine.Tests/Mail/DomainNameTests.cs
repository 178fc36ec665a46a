using System.Text;
using Engine.Mail;
using Engine.Tests.Submission;

namespace Engine.Tests.Mail;

internal sealed class DomainNameTests
{
    [TestCase("example", "example")]
    [TestCase("Example.COM", "example.com")]
    [TestCase("example.com.", "example.com")]
    [TestCase("a_b.example", "a_b.example")]
    [TestCase("-a-.example", "-a-.example")]
    [TestCase("xn--bcher-kva.example", "xn--bcher-kva.example")]
    [TestCase("bücher.example", "xn--bcher-kva.example")]
    [TestCase("BÜCHER.example", "xn--bcher-kva.example")]
    [TestCase("xn--BCHER-kva.example", "xn--bcher-kva.example")]
    public void A_name_has_one_form(string text, string name)
    {
        Assert.That(DomainName.Parse(text).Name, Is.EqualTo(name));
        Assert.That(DomainName.TryParse(Encoding.UTF8.GetBytes(text), out var domain), Is.True);
        Assert.That(domain, Is.EqualTo(DomainName.Parse(name)));
    }

    [TestCase("")]
    [TestCase(".")]
    [TestCase("..")]
    [TestCase("a..b")]
    [TestCase(".a")]
    [TestCase("a b")]
    [TestCase("a\r\nb")]
    [TestCase("a\0b")]
    [TestCase("[192.0.2.1]")]
    [TestCase("a/b.example")]
    [TestCase("a@b.example")]
    [TestCase("a,b")]
    public void What_is_no_name_is_refused(string text) => Assert.That(DomainName.TryParse(text, out _), Is.False);

    [TestCase(63, true)]
    [TestCase(64, false)]
    public void A_label_has_a_limit(int length, bool isGood) =>
        Assert.That(DomainName.TryParse(new string('a', length) + ".example", out _), Is.EqualTo(isGood));

    [TestCase(253, true)]
    [TestCase(254, false)]
    public void A_name_has_a_limit(int length, bool isGood) =>
        Assert.That(DomainName.TryParse(string.Join('.', Enumerable.Repeat(new string('d', 49), 6))[..length], out _), Is.EqualTo(isGood));

    [Test]
    public void Broken_utf8_is_refused()
    {
        Assert.That(DomainName.TryParse([0xC3], out _), Is.False);
        Assert.That(DomainName.TryParse([(byte)'a', 0xFF], out _), Is.False);
    }

    [TestCase("a.b.example", "b.example", true)]
    [TestCase("b.example", "b.example", false)]
    [TestCase("ab.example", "b.example", false)]
    [TestCase("example", "b.example", false)]
    public void A_name_stands_below_its_parent(string name, string parent, bool isBelow) =>
        Assert.That(DomainName.Parse(name).IsBelow(DomainName.Parse(parent)), Is.EqualTo(isBelow));

    // Two seeds, one word: with capitals and without.
    [Test]
    public void Fuzz_seeds_that_differ_in_case_are_one_name()
    {
        var names = new[] { "31400a53be6363c9", "ccde73fe7b735280" }.Select(seed => GoLiteral.LastOf(SharedFiles.Path($"fuzz-seeds/domain/{seed}"))).ToArray();

        Assert.That(DomainName.TryParse(names[0], out var first), Is.True);
        Assert.That(DomainName.TryParse(names[1], out var second), Is.True);
        Assert.That(first, Is.EqualTo(second));
        Assert.That(first.Name, Is.EqualTo("xn--and-6ma2c"));
    }
}
