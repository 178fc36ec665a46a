using Engine.Dkim;
using Engine.Dns;

namespace Engine.Preflight.Bimi;

/// <summary>The record of a domain's logo (draft-brand-indicators-for-message-identification), and the logo's form. Advice only.</summary>
/// <param name="dns">Answers questions.</param>
/// <param name="fetch">Fetches the logo; null does not look at it.</param>
internal sealed class BimiCheck(IDnsRecords dns, FetchLogo? fetch)
{
    private const string Version = "BIMI1";

    public async ValueTask<IReadOnlyList<DomainFinding>> RunAsync(string domain, string organization, bool isEnforced, CancellationToken stop)
    {
        foreach (var owner in new[] { domain, organization }.Distinct(StringComparer.Ordinal))
        {
            var name = $"default._bimi.{owner}";
            var answer = await dns.AskAsync(name, RecordType.Txt, stop).ConfigureAwait(false);
            if (answer.Status is LookupStatus.Failed)
            {
                return [Finding(FindingState.Unknown, name, "no answer")];
            }

            var texts = answer.Records.OfType<DnsRecord.Text>().Select(record => record.Value).Where(text => text.TrimStart().StartsWith("v=", StringComparison.Ordinal)).ToArray();
            if (texts.Length > 0)
            {
                return await JudgeAsync(name, texts, isEnforced, stop).ConfigureAwait(false);
            }
        }

        return [Finding(FindingState.Good, $"default._bimi.{domain}", "no record: no logo is shown, which is a choice")];
    }

    private static DomainFinding Finding(FindingState state, string name, string found) => new(CheckTopic.Bimi, state, name, found);

    private static DomainFinding Advice(string name, string found, string wanted) => Finding(FindingState.Advice, name, found) with { Wanted = wanted };

    private async ValueTask<IReadOnlyList<DomainFinding>> JudgeAsync(string name, string[] texts, bool isEnforced, CancellationToken stop)
    {
        if (texts.Length > 1 || !TagList.TryParse(texts[0], out var tags) || tags.GetValueOrDefault("v") != Version || !tags.TryGetValue("l", out var place))
        {
            return [Advice(name, texts.Length > 1 ? $"{texts.Length} records: none counts" : "the record cannot be read", "v=BIMI1; l=https://…/logo.svg; a=https://…/certificate.pem")];
        }

        var evidence = tags.GetValueOrDefault("a", string.Empty);
        if (place.Length == 0 && evidence.Length == 0)
        {
            return [Finding(FindingState.Good, name, "the domain says that it shows no logo")];
        }

        var findings = new List<DomainFinding>();
        if (!isEnforced)
        {
            findings.Add(Advice(name, "a logo, but DMARC is not at p=quarantine or p=reject for all mail: nobody shows it", "DMARC at enforcement"));
        }

        if (evidence.Length > 0 && !IsHttps(evidence, out _))
        {
            findings.Add(Advice(name, $"a={evidence} is no https URL", "the https URL of the mark certificate (PEM)"));
        }

        if (!IsHttps(place, out var uri) || !uri.AbsolutePath.EndsWith(".svg", StringComparison.OrdinalIgnoreCase))
        {
            findings.Add(Advice(name, $"l={place} is no https URL of an SVG", "an https URL that ends in .svg"));
        }
        else
        {
            findings.AddRange(await LogoAsync(uri, stop).ConfigureAwait(false));
        }

        return findings.Count > 0 ? findings : [Finding(FindingState.Good, name, evidence.Length > 0 ? $"logo {place}, with a mark certificate" : $"logo {place}, without a mark certificate: some providers show it not")];
    }

    private static bool IsHttps(string text, out Uri uri) =>
        Uri.TryCreate(text, UriKind.Absolute, out uri!) && uri is { Scheme: "https", UserInfo: "" };

    private async ValueTask<IReadOnlyList<DomainFinding>> LogoAsync(Uri uri, CancellationToken stop)
    {
        if (fetch is null)
        {
            return [];
        }

        var (octets, fault) = await fetch(uri, SvgForm.MaxSize, stop).ConfigureAwait(false);
        return fault is not null
            ? [Advice(uri.ToString(), $"it cannot be fetched: {fault}", "the logo over https, without a redirect")]
            : [.. SvgForm.Judge(octets).Select(one => Advice(uri.ToString(), one, "an SVG Tiny Portable/Secure file"))];
    }
}
