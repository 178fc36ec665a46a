using Engine.Dkim;

namespace Engine.Tests.Dkim;

internal sealed class DkimRecordTests
{
    [Test]
    public void A_record_of_a_large_key_is_cut_into_strings_of_255_octets([Values(1_024, 2_048, 4_096)] int bits)
    {
        var record = DkimRecord.For(Samples.Rsa(bits));

        Assert.That(record.Strings().Max(part => part.Length), Is.LessThanOrEqualTo(255));
        Assert.That(string.Concat(record.Strings()), Is.EqualTo(record.Text));
        Assert.That(DkimRecord.TryParse(record.Text, out var again, out var fault), Is.True, fault);
        Assert.That(again!.PublicKey, Is.EqualTo(record.PublicKey));
    }

    [Test]
    public void The_zone_form_is_one_resource_record()
    {
        var zone = DkimRecord.For(Samples.Ed25519("e1")).ToZone("e1", Samples.Domain);

        Assert.That(zone, Does.Match("^e1\\._domainkey\\.acme\\.example\\. IN TXT \\(\n    \"v=DKIM1; k=ed25519; p=[A-Za-z0-9+/]{43}=\" \\)\n$"));
    }

    [TestCase("v=DKIM1; p=AAAA", "rsa", Description = "k= defaults to rsa")]
    [TestCase("p=AAAA", "rsa")]
    [TestCase(" v = DKIM1 ; k = ed25519 ; p = AA AA ;", "ed25519")]
    [TestCase("v=DKIM1; k=rsa; n=a note; t=y:s; s=*; h=sha1:sha256; p=AAAA; unknown=x", "rsa")]
    public void A_record_is_read(string text, string type)
    {
        Assert.That(DkimRecord.TryParse(text, out var record, out _), Is.True);
        Assert.That(record!.KeyType, Is.EqualTo(type));
        Assert.That(record.PublicKey, Is.EqualTo(new byte[3]));
        Assert.That(record.AllowsEmail && record.AllowsSha256, Is.True);
        Assert.That(record.IsStrict && record.IsTesting, Is.EqualTo(text.Contains("y:s", StringComparison.Ordinal)));
    }

    [TestCase("v=DKIM1; s=tlsrpt; p=AAAA", false, true)]
    [TestCase("v=DKIM1; h=sha1; p=AAAA", true, false)]
    [TestCase("v=DKIM1; p=", true, true, Description = "revoked")]
    public void A_record_may_limit_its_key(string text, bool email, bool sha256)
    {
        Assert.That(DkimRecord.TryParse(text, out var record, out _), Is.True);
        Assert.That((record!.AllowsEmail, record.AllowsSha256), Is.EqualTo((email, sha256)));
    }

    [TestCase("")]
    [TestCase("v=spf1 -all")]
    [TestCase("v=DKIM2; p=AAAA")]
    [TestCase("k=rsa; v=DKIM1; p=AAAA", Description = "v= must stand first")]
    [TestCase("v=DKIM1; k=rsa")]
    [TestCase("v=DKIM1; p=%%%")]
    [TestCase("v=DKIM1; p=AAAA; p=AAAA")]
    [TestCase("v=DKIM1;; p=AAAA")]
    public void What_is_no_key_record_is_refused(string text)
    {
        Assert.That(DkimRecord.TryParse(text, out _, out var fault), Is.False);
        Assert.That(fault, Is.Not.Empty);
    }
}
