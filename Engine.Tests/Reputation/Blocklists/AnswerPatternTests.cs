using System.Net;
using Engine.Reputation.Blocklists;

namespace Engine.Tests.Reputation.Blocklists;

internal sealed class AnswerPatternTests
{
    [TestCase("127.0.0.2", "127.0.0.2", true)]
    [TestCase("127.0.0.2", "127.0.0.3", false)]
    [TestCase("127.0.0.2", "127.0.1.2", false)]
    [TestCase("127.0.0.4-7=XBL", "127.0.0.4", true)]
    [TestCase("127.0.0.4-7=XBL", "127.0.0.7", true)]
    [TestCase("127.0.0.4-7=XBL", "127.0.0.8", false)]
    [TestCase("127.0.1.*", "127.0.1.255", true)]
    [TestCase("127.0.1.*", "127.0.2.0", false)]
    [TestCase("127.0.2-9.0-3", "127.0.5.3", true)]
    [TestCase("127.0.2-9.0-3", "127.0.10.3", false)]
    [TestCase("bit 8=phishing", "127.0.0.8", true)]
    [TestCase("bit 8=phishing", "127.0.0.94", true)]
    [TestCase("bit 8=phishing", "127.0.0.4", false)]
    [TestCase("bit 8=phishing", "127.0.1.8", false)]
    [TestCase("127.0.0.2", "10.0.0.2", false)]
    [TestCase("127.*.*.*", "::ffff:127.0.0.2", false)]
    public void A_code_matches(string code, string address, bool expected)
    {
        Assert.That(AnswerPattern.TryParse(code, out var pattern), Is.True);
        Assert.That(pattern.Matches(IPAddress.Parse(address)), Is.EqualTo(expected));
    }

    [TestCase("")]
    [TestCase("2")]
    [TestCase("128.0.0.2")]
    [TestCase("127.0.0")]
    [TestCase("127.0.0.2.3")]
    [TestCase("127.0.0.7-4")]
    [TestCase("127.0.0.1-2-3")]
    [TestCase("127.0.0.256")]
    [TestCase("127.0.0.-2")]
    [TestCase("127.0.0.x")]
    [TestCase("bit 3")]
    [TestCase("bit 0")]
    [TestCase("bit 256")]
    [TestCase("bit")]
    public void What_is_no_code_is_said(string code) => Assert.That(AnswerPattern.TryParse(code, out _), Is.False);

    [TestCase("127.0.0.2", "127.0.0.2", true)]
    [TestCase("127.0.0.2-5", "127.0.0.5-9", true)]
    [TestCase("127.0.0.2-5", "127.0.0.6-9", false)]
    [TestCase("127.0.*.2", "127.0.9.1-3", true)]
    [TestCase("127.0.1.*", "127.0.2.*", false)]
    [TestCase("bit 1", "bit 2", false)]
    [TestCase("bit 4", "bit 4", true)]
    [TestCase("bit 4", "127.0.0.3", false)]
    [TestCase("bit 4", "127.0.0.3-5", true)]
    [TestCase("127.0.0.255", "bit 128", true)]
    [TestCase("127.0.0.250-255", "127.0.0.0-1", false)]
    public void Two_codes_overlap_when_one_answer_fits_both(string left, string right, bool expected)
    {
        Assert.That(AnswerPattern.TryParse(left, out var one) & AnswerPattern.TryParse(right, out var other), Is.True);
        Assert.That(one.Overlaps(other), Is.EqualTo(expected));
        Assert.That(other.Overlaps(one), Is.EqualTo(expected));
    }
}
