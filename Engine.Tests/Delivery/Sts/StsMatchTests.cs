using Engine.Delivery.Sts;

namespace Engine.Tests.Delivery.Sts;

internal sealed class StsMatchTests
{
    [TestCase("mx.example.com", "mx.example.com", true)]
    [TestCase("MX.Example.COM", "mx.example.com", true)]
    [TestCase("mx.example.com.", "mx.example.com", true)]
    [TestCase("mx.example.com", "mx.example.net", false)]
    [TestCase("mx.example.com", "*.example.com", true)]
    [TestCase("a.mx.example.com", "*.example.com", false)]
    [TestCase("example.com", "*.example.com", false)]
    [TestCase(".example.com", "*.example.com", false)]
    [TestCase("mx.example.com", "*.com", false)]
    [TestCase("mx1.example.com", "mx*.example.com", false)]
    [TestCase("evilexample.com", "*.example.com", false)]
    [TestCase("", "", false)]
    public void A_host_is_held_against_a_pattern_as_RFC_8461_section_4_1_says(string host, string pattern, bool expected)
    {
        Assert.That(StsMatch.Matches(host, [pattern]), Is.EqualTo(expected));
    }

    [Test]
    public void Any_pattern_of_several_may_match_and_none_matches_without_patterns()
    {
        Assert.That(StsMatch.Matches("b.example.com", ["a.example.com", "*.example.com"]), Is.True);
        Assert.That(StsMatch.Matches("b.example.com", []), Is.False);
    }
}
