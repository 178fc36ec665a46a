using Engine.Delivery.Dane;
using Engine.Dns;
using Engine.Tests.Delivery.Trust;

namespace Engine.Tests.Delivery.Dane;

/// <summary>Which TLSA records SMTP can use.</summary>
internal sealed class TlsaSetTests
{
    private const string Sha256 = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private const string Sha512 = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    [TestCase("0 0 1 " + Sha256, "", Description = "PKIX-TA: RFC 7672 §3.1.3")]
    [TestCase("1 1 1 " + Sha256, "", Description = "PKIX-EE")]
    [TestCase("2 0 1 " + Sha256, "2 0 1")]
    [TestCase("2 1 2 " + Sha512, "2 1 2")]
    [TestCase("3 0 1 " + Sha256, "3 0 1")]
    [TestCase("3 1 1 " + Sha256, "3 1 1")]
    [TestCase("3 1 2 " + Sha512, "3 1 2")]
    [TestCase("4 1 1 " + Sha256, "")]
    [TestCase("255 1 1 " + Sha256, "", Description = "PrivCert")]
    [TestCase("3 2 1 " + Sha256, "")]
    [TestCase("3 1 3 " + Sha256, "")]
    [TestCase("3 1 1 " + Sha512, "", Description = "64 octets are no SHA-256")]
    [TestCase("3 1 2 " + Sha256, "")]
    [TestCase("3 1 1 aa", "")]
    [TestCase("3 0 0 3082", "", Description = "no certificate")]
    [TestCase("3 1 0 3003", "", Description = "no public key")]
    [TestCase("3 1 1 " + Sha256 + ";3 1 2 " + Sha512, "3 1 2", Description = "RFC 7671 §9: the stronger digest alone")]
    [TestCase("3 1 1 " + Sha256 + ";3 0 2 " + Sha512, "3 1 1;3 0 2", Description = "another selector")]
    [TestCase("2 1 1 " + Sha256 + ";3 1 2 " + Sha512, "2 1 1;3 1 2", Description = "another usage")]
    [TestCase("3 1 1 " + Sha256 + ";3 1 2 " + Sha256, "3 1 1", Description = "a stronger one that cannot be used is none")]
    [TestCase("0 0 1 " + Sha256 + ";3 1 1 " + Sha256, "3 1 1", Description = "one that can be used is enough")]
    public void Usable_are(string records, string expected)
    {
        var tlsa = TlsaSet.Of("mx.example", [.. records.Split(';').Select(Read)]);

        Assert.That(string.Join(';', tlsa.Usable.Select(record => $"{(int)record.Usage} {(int)record.Selector} {(int)record.Matching}")), Is.EqualTo(expected));
        Assert.That(tlsa.Lines, Is.EqualTo(records.Split(';')), "a report has all of them");
        Assert.That(tlsa.Demand.Level, Is.EqualTo(expected.Length > 0 ? Engine.Configuration.TlsPolicy.Verified : Engine.Configuration.TlsPolicy.Required));
    }

    [TestCase("2 0 0")]
    [TestCase("3 0 0")]
    [TestCase("2 1 0")]
    [TestCase("3 1 0")]
    public void A_whole_certificate_or_key_can_be_used(string triple)
    {
        using var leaf = Authority.SelfSigned(["mx.example"]);

        Assert.That(TlsaText.Set(TlsaText.Of(triple, leaf)).Usable, Has.Count.EqualTo(1));
    }

    [Test]
    public void More_records_than_any_roll_over_needs_are_not_looked_at()
    {
        var tlsa = TlsaSet.Of("mx.example", [.. Enumerable.Range(0, 500).Select(_ => Read("3 1 1 " + Sha256))]);

        Assert.That(tlsa.Usable, Has.Count.EqualTo(TlsaSet.MaxRecords));
    }

    private static DnsRecord.Tlsa Read(string text)
    {
        var parts = text.Split(' ');
        return new DnsRecord.Tlsa(byte.Parse(parts[0], provider: null), byte.Parse(parts[1], provider: null), byte.Parse(parts[2], provider: null), Convert.FromHexString(parts[3]));
    }
}
