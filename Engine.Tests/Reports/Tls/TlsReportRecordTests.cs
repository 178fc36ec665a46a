using Engine.Reports.Tls;

namespace Engine.Tests.Reports.Tls;

/// <summary>RFC 8460 §3.</summary>
internal sealed class TlsReportRecordTests
{
    [TestCase("v=TLSRPTv1; rua=mailto:reports@example.com", "mailto:reports@example.com")]
    [TestCase("v=TLSRPTv1;rua=https://reporting.example.com/v1/tlsrpt", "https://reporting.example.com/v1/tlsrpt")]
    [TestCase("v=TLSRPTv1; rua=mailto:a@example.com,https://r.example.com/x ;", "mailto:a@example.com https://r.example.com/x")]
    [TestCase("v=TLSRPTv1 ;\trua=mailto:a@example.com , mailto:b@example.com;", "mailto:a@example.com mailto:b@example.com")]
    [TestCase("v=TLSRPTv1; ext=1; rua=mailto:a@example.com; x.y-z_=a:b", "mailto:a@example.com")]
    [TestCase("v=TLSRPTv1; rua=mailto:a%40b@example.com", "")]
    [TestCase("v=TLSRPTv1; rua=mailto:a%2Bb@example.com?subject=x", "mailto:a+b@example.com")]
    [TestCase("v=TLSRPTv1; rua=mailto:a@example.com,mailto:a@EXAMPLE.com", "mailto:a@example.com")]
    [TestCase("v=TLSRPTv1; rua=ftp://example.com/x,mailto:a@example.com", "mailto:a@example.com")]
    [TestCase("v=TLSRPTv1; rua=mailto:1@e.example,mailto:2@e.example,mailto:3@e.example,mailto:4@e.example", "mailto:1@e.example mailto:2@e.example mailto:3@e.example")]
    [TestCase("v=TLSRPTv1; rua=ftp://example.com/x", "")]
    [TestCase("v=TLSRPTv1; rua=https://user:secret@example.com/x", "")]
    [TestCase("v=TLSRPTv1; rua=http://example.com/x", "")]
    [TestCase("v=TLSRPTv1; rua=mailto:a@example.com!10m", "")]
    [TestCase("v=TLSRPTv1; rua=mailto:a@example.com,b@example.com", "")]
    [TestCase("v=TLSRPTv1; rua=mailto:a@example.com,,mailto:b@example.com", "")]
    [TestCase("v=TLSRPTv1; rua=", "")]
    [TestCase("v=TLSRPTv1; rua=mailto:a@example.com; rua=mailto:b@example.com", "")]
    [TestCase("v=TLSRPTv1;; rua=mailto:a@example.com", "")]
    [TestCase("v=TLSRPTv1; -x=1; rua=mailto:a@example.com", "")]
    [TestCase("v=TLSRPTv1; ext=; rua=mailto:a@example.com", "")]
    [TestCase("v=TLSRPTv1", "")]
    [TestCase("v=TLSRPTv1;", "")]
    [TestCase("v=tlsrptv1; rua=mailto:a@example.com", "")]
    [TestCase("v=TLSRPTv2; rua=mailto:a@example.com", "")]
    [TestCase(" v=TLSRPTv1; rua=mailto:a@example.com", "")]
    [TestCase("v=TLSRPTv1; RUA=mailto:a@example.com", "")]
    [TestCase("v=TLSRPTv1; rua=mailto:a@example.com\r\nBcc:x@example.com", "")]
    [TestCase("v=TLSRPTv1; rua=mailto:a%0D%0ABcc:x@example.com", "")]
    public void A_record_names_places(string text, string places) => Assert.That(PlacesOf(text), Is.EqualTo(places));

    [Test]
    public void Only_one_record_counts_and_others_than_ours_do_not()
    {
        Assert.That(PlacesOf("v=spf1 -all", "v=TLSRPTv1; rua=mailto:a@example.com", "TLSRPT"), Is.EqualTo("mailto:a@example.com"));
        Assert.That(PlacesOf("v=TLSRPTv1; rua=mailto:a@example.com", "v=TLSRPTv1; rua=mailto:a@example.com"), Is.Empty);
        Assert.That(PlacesOf(), Is.Empty);
    }

    [Test]
    public void What_is_too_long_is_no_record()
    {
        Assert.That(PlacesOf($"v=TLSRPTv1; rua=mailto:a@example.com; x={new string('x', TlsReportRecord.MaxLength)}"), Is.Empty);
        Assert.That(PlacesOf($"v=TLSRPTv1; rua=https://example.com/{new string('x', TlsReportTarget.MaxLength)}"), Is.Empty);
        Assert.That(PlacesOf($"v=TLSRPTv1; rua={string.Join(',', Enumerable.Range(0, 17).Select(at => $"mailto:{at}@example.com"))}"), Is.Empty);
    }

    private static string PlacesOf(params string[] texts) => TlsReportRecord.Find(texts) is { } record ? string.Join(' ', record.Targets) : string.Empty;
}
