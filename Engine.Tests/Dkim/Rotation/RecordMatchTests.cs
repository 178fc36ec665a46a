using System.Security.Cryptography;
using Engine.Dkim;
using Engine.Dkim.Rotation;

namespace Engine.Tests.Dkim.Rotation;

/// <summary>Whether what DNS shows is the key that is to sign.</summary>
internal sealed class RecordMatchTests
{
    private static readonly DkimRecord Expected = new("ed25519", [1, 2, 3, 4]);

    [TestCase("v=DKIM1; k=ed25519; p=AQIDBA==", SightingKind.Shown, "")]
    [TestCase("k=ed25519; t=y; p=AQID BA==; n=mine", SightingKind.Shown, "")]
    [TestCase("v=DKIM1; k=ed25519; p=AQIDBQ==", SightingKind.Different, "another key")]
    [TestCase("v=DKIM1; k=ed25519; p=", SightingKind.Different, "revoked")]
    [TestCase("v=DKIM1; p=AQIDBA==", SightingKind.Different, "k=rsa")]
    [TestCase("v=DKIM1; k=ed25519; h=sha1; p=AQIDBA==", SightingKind.Different, "sha256")]
    [TestCase("v=DKIM1; k=ed25519; s=tlsrpt; p=AQIDBA==", SightingKind.Different, "email")]
    [TestCase("v=spf1 -all", SightingKind.Different, "")]
    public void A_record_is_judged(string text, SightingKind expected, string remark)
    {
        var (kind, said) = RecordMatch.Judge(Expected, [text]);
        Assert.That(kind, Is.EqualTo(expected));
        Assert.That(said, Does.Contain(remark));
    }

    [Test]
    public void No_record_is_missing_and_two_are_a_fault()
    {
        Assert.That(RecordMatch.Judge(Expected, []).Kind, Is.EqualTo(SightingKind.Missing));
        Assert.That(RecordMatch.Judge(Expected, [Expected.Text, Expected.Text]).Kind, Is.EqualTo(SightingKind.Different));
    }

    [Test]
    public void An_rsa_key_may_be_published_in_either_form()
    {
        using var rsa = RSA.Create(2_048);
        var expected = new DkimRecord("rsa", rsa.ExportSubjectPublicKeyInfo());
        Assert.That(RecordMatch.Judge(expected, [$"v=DKIM1; p={Convert.ToBase64String(rsa.ExportRSAPublicKey())}"]).Kind, Is.EqualTo(SightingKind.Shown));
        Assert.That(RecordMatch.Judge(expected, [$"v=DKIM1; p={Convert.ToBase64String(rsa.ExportRSAPublicKey()[^200..])}"]).Kind, Is.EqualTo(SightingKind.Different));
    }
}
