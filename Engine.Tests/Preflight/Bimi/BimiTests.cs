using System.Text;
using Engine.Preflight;
using Engine.Preflight.Bimi;

namespace Engine.Tests.Preflight.Bimi;

internal sealed class BimiTests
{
    private const string Good = """<svg xmlns="http://www.w3.org/2000/svg" version="1.2" baseProfile="tiny-ps" viewBox="0 0 64 64"><title>Example</title><defs><linearGradient id="g"/></defs><circle r="9" fill="url(#g)"/></svg>""";

    private readonly RecordTable _dns = new();

    [Test]
    public void A_file_in_good_form_has_no_fault() => Assert.That(SvgForm.Judge(Encoding.UTF8.GetBytes(Good)), Is.Empty);

    [TestCase("version=\"1.2\"", "version=\"1.1\"", "version is '1.1', not '1.2'")]
    [TestCase("baseProfile=\"tiny-ps\"", "", "baseProfile is missing, not 'tiny-ps'")]
    [TestCase("<title>Example</title>", "", "it has no <title> with a text directly under <svg>")]
    [TestCase("<title>Example</title>", "<g><title>Example</title></g>", "it has no <title> with a text directly under <svg>")]
    [TestCase("</svg>", "<script>alert(1)</script></svg>", "it has an element <script>")]
    [TestCase("</svg>", "<animate/></svg>", "it has an element <animate>")]
    [TestCase("r=\"9\"", "r=\"9\" onclick=\"x()\"", "<circle> has onclick=, which runs")]
    [TestCase("url(#g)", "url(https://evil.example/)", "<circle> fill= leads outside the file")]
    [TestCase("r=\"9\"", "xlink:href=\"https://evil.example/\" xmlns:xlink=\"http://www.w3.org/1999/xlink\"", "<circle> href= leads outside the file")]
    [TestCase("viewBox", "x=\"0\" viewBox", "its root has x= or y=")]
    [TestCase("http://www.w3.org/2000/svg", "http://other.example/", "its root is <svg>, not <svg> of http://www.w3.org/2000/svg")]
    public void What_runs_moves_or_leads_elsewhere_is_told(string part, string instead, string fault) =>
        Assert.That(SvgForm.Judge(Encoding.UTF8.GetBytes(Good.Replace(part, instead, StringComparison.Ordinal))), Is.EqualTo(new[] { fault }));

    [TestCase("<!DOCTYPE svg [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>", TestName = "Entities are not expanded")]
    [TestCase("not xml", TestName = "Text is no logo")]
    public void A_document_type_or_nonsense_is_refused(string start) =>
        Assert.That(SvgForm.Judge(Encoding.UTF8.GetBytes(start + Good)), Has.One.StartsWith("it is no XML, or has a document type"));

    [Test]
    public void A_file_too_large_is_not_read() => Assert.That(SvgForm.Judge(new byte[SvgForm.MaxSize + 1]), Is.EqualTo(new[] { "it has 32769 octets, more than 32768" }));

    [TestCase(null, true, "good no record: no logo is shown, which is a choice")]
    [TestCase("v=BIMI1; l=; a=", true, "good the domain says that it shows no logo")]
    [TestCase("v=BIMI1; l=https://example.com/logo.svg; a=https://example.com/vmc.pem", true, "good logo https://example.com/logo.svg, with a mark certificate")]
    [TestCase("v=BIMI1; l=https://example.com/logo.svg", false, "advice a logo, but DMARC is not at p=quarantine or p=reject for all mail: nobody shows it")]
    [TestCase("v=BIMI1; l=https://example.com/logo.png", true, "advice l=https://example.com/logo.png is no https URL of an SVG")]
    [TestCase("v=BIMI1; l=https://u@example.com/logo.svg", true, "advice l=https://u@example.com/logo.svg is no https URL of an SVG")]
    [TestCase("v=BIMI1; l=https://example.com/logo.svg; a=http://example.com/vmc.pem", true, "advice a=http://example.com/vmc.pem is no https URL")]
    [TestCase("v=BIMI2; l=https://example.com/logo.svg", true, "advice the record cannot be read")]
    [TestCase("v=BIMI1; l=https://example.com/bad.svg", true, "advice it cannot be fetched: status 404")]
    [TestCase("v=BIMI1; l=https://example.com/odd.svg", true, "advice version is '1.1', not '1.2'")]
    public async Task The_record_is_read_and_the_logo_looked_at(string? record, bool isEnforced, string expected)
    {
        if (record is not null)
        {
            _dns.Txt("default._bimi.example.com", record);
        }

        var findings = await new BimiCheck(_dns, Fetch).RunAsync("news.example.com", "example.com", isEnforced, CancellationToken.None);

        Assert.That(findings.Select(finding => $"{finding.State.ToString().ToLowerInvariant()} {finding.Found}"), Is.EqualTo(new[] { expected }));
        Assert.That(findings.Any(finding => finding.State is FindingState.Wrong || finding.IsRequired), Is.False);

        static ValueTask<(ReadOnlyMemory<byte> Octets, string? Fault)> Fetch(Uri uri, int most, CancellationToken stop) => ValueTask.FromResult(uri.AbsolutePath switch
        {
            "/logo.svg" => (Encoding.UTF8.GetBytes(Good), null),
            "/odd.svg" => (Encoding.UTF8.GetBytes(Good.Replace("1.2", "1.1", StringComparison.Ordinal)), null),
            _ => ((ReadOnlyMemory<byte>)default, (string?)"status 404"),
        });
    }
}
