using System.Net;
using Engine.Dns;
using Engine.Reputation;

namespace Engine.Preflight.Spf;

/// <summary>Whether SPF of the return path lets every source send.</summary>
/// <param name="dns">Answers questions.</param>
/// <param name="clock">For the macro <c>t</c>.</param>
internal sealed class SpfCheck(IDnsRecords dns, TimeProvider clock)
{
    // Each of more would say the same.
    private const int MaxShown = 20;

    /// <returns>Findings, and whether every source passes.</returns>
    public async ValueTask<(IReadOnlyList<DomainFinding> Findings, bool IsGood)> RunAsync(DomainSubject subject, CancellationToken stop)
    {
        var domain = subject.ReturnPath.Name;
        var sources = subject.Sources.Where(source => source.Address is not null).ToArray();
        if (sources.Length == 0)
        {
            return ([Unchecked(domain)], false);
        }

        var verdicts = new List<(Source Source, SpfVerdict Verdict)>();
        foreach (var source in sources)
        {
            var query = new SpfQuery(source.Address!, $"postmaster@{domain}", source.Ehlo);
            verdicts.Add((source, await new SpfEvaluation(dns, query, clock.GetUtcNow()).RunAsync(stop).ConfigureAwait(false)));
        }

        var refused = verdicts.Where(one => one.Verdict.Result is not (SpfResult.Pass or SpfResult.TempError)).ToArray();
        var unknown = verdicts.Where(one => one.Verdict.Result is SpfResult.TempError).ToArray();
        if (refused.Length + unknown.Length == 0)
        {
            var costliest = verdicts.Max(one => one.Verdict.Lookups);
            return ([Finding(FindingState.Good, domain, $"{Count(sources.Length)} may send; at most {costliest} of {SpfEvaluation.MaxLookups} look-ups on the way")], true);
        }

        var findings = new List<DomainFinding>();
        findings.AddRange(refused.Take(MaxShown).Select(one => Refusal(domain, one.Source, one.Verdict)));
        findings.AddRange(unknown.Take(MaxShown).Select(one => Finding(FindingState.Unknown, domain, $"{Name(one.Source)}: {one.Verdict.Reason}")));
        if (refused.Length > 0)
        {
            findings[0] = findings[0] with { Publish = await PublishAsync(domain, refused.Select(one => one.Source.Address!), stop).ConfigureAwait(false) };
        }

        return (findings, false);
    }

    private static DomainFinding Finding(FindingState state, string domain, string found) => new(CheckTopic.Spf, state, domain, found) { IsRequired = true };

    private static DomainFinding Refusal(string domain, Source source, SpfVerdict verdict) =>
        Finding(FindingState.Wrong, domain, $"{Name(source)}: {verdict.Result.ToString().ToLowerInvariant()}, {verdict.Reason}") with { Wanted = "a record by which every source passes" };

    private static DomainFinding Unchecked(string domain) => new(CheckTopic.Spf, FindingState.Advice, domain, "not evaluated: no source has an address, so nobody knows which one receivers see")
    {
        Wanted = "'sources' with their addresses in engine.json",
    };

    private static string Name(Source source) => $"source {source.Name} ({source.Address})";

    private static string Count(int sources) => sources == 1 ? "the source" : $"all {sources} sources";

    private async ValueTask<string> PublishAsync(string domain, IEnumerable<IPAddress> missing, CancellationToken stop)
    {
        var answer = await dns.AskAsync(domain, RecordType.Txt, stop).ConfigureAwait(false);
        var texts = answer.Records.OfType<DnsRecord.Text>().Select(record => record.Value).Where(SpfRecord.IsSpf).ToArray();
        return ZoneLine.Txt(domain, SpfAdvice.RecordFor(texts.Length == 1 ? texts[0] : null, missing));
    }
}
