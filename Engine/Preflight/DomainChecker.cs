using Engine.Dns;
using Engine.Preflight.Bimi;
using Engine.Preflight.Dmarc;
using Engine.Preflight.Spf;
using Engine.Reputation;

namespace Engine.Preflight;

/// <summary>Runs the checks of one domain, one after the other. No state; thread-safe.</summary>
/// <param name="records">The DNS for one check of so many sources.</param>
/// <param name="clock">The time.</param>
internal sealed class DomainChecker(Func<int, IDnsRecords> records, TimeProvider clock)
{
    /// <summary>Over a client, with the bounds of <see cref="CheckedRecords"/>.</summary>
    public static DomainChecker Over(Func<DnsClient> dns, TimeProvider clock) => new(sources => new CheckedRecords(dns(), clock, sources), clock);

    /// <summary>Only what mail is held for: DKIM, SPF, alignment.</summary>
    public async Task<DomainReport> CheckGateAsync(DomainSubject subject, CancellationToken stop)
    {
        var dns = records(subject.Sources.Count);
        var findings = await RequiredAsync(subject, dns, new DmarcCheck(dns), stop).ConfigureAwait(false);
        return new DomainReport(subject.Domain, findings, Count(dns));
    }

    /// <summary>Everything.</summary>
    /// <param name="subject">The domain.</param>
    /// <param name="fetch">Fetches a logo; null leaves it unfetched.</param>
    /// <param name="stop">Gives up.</param>
    public async Task<DomainReport> CheckAllAsync(DomainSubject subject, FetchLogo? fetch, CancellationToken stop)
    {
        var dns = records(subject.Sources.Count);
        var dmarc = new DmarcCheck(dns);
        List<DomainFinding> findings = [.. await RequiredAsync(subject, dns, dmarc, stop).ConfigureAwait(false)];
        var cost = await new SpfCostWalk(dns).RunAsync(subject.ReturnPath.Name, stop).ConfigureAwait(false);
        if (cost?.Total > SpfEvaluation.MaxLookups)
        {
            findings.Add(new DomainFinding(CheckTopic.Spf, FindingState.Advice, cost.Domain, $"its terms cost {cost.Total} look-ups; a receiver that needs more than {SpfEvaluation.MaxLookups} refuses the record")
            {
                Wanted = "fewer includes: the tree shows what each costs",
            });
        }

        findings.AddRange(await dmarc.PolicyAsync(subject, stop).ConfigureAwait(false));
        findings.Add(await new ReturnPathCheck(dns).RunAsync(subject, stop).ConfigureAwait(false));
        findings.AddRange(await SourcesAsync(subject.Sources, dns, stop).ConfigureAwait(false));
        var organization = (await new DmarcDiscovery(dns).WalkAsync(subject.Domain, stop).ConfigureAwait(false)).Organization;
        findings.AddRange(await new BimiCheck(dns, fetch).RunAsync(subject.Domain.Name, organization, dmarc.IsEnforced, stop).ConfigureAwait(false));
        return new DomainReport(subject.Domain, findings, Count(dns)) { Cost = cost };
    }

    /// <summary>Names of sources: PTR, EHLO, and back.</summary>
    public Task<IReadOnlyList<DomainFinding>> CheckSourcesAsync(IReadOnlyCollection<Source> sources, CancellationToken stop) => SourcesAsync(sources, records(sources.Count), stop);

    private static async Task<IReadOnlyList<DomainFinding>> SourcesAsync(IReadOnlyCollection<Source> sources, IDnsRecords dns, CancellationToken stop)
    {
        var check = new SourceCheck(dns);
        var findings = new List<DomainFinding>();
        foreach (var source in sources)
        {
            findings.AddRange(await check.RunAsync(source, stop).ConfigureAwait(false));
        }

        return findings;
    }

    private static int Count(IDnsRecords dns) => dns is CheckedRecords counted ? counted.Questions : 0;

    private async Task<IReadOnlyList<DomainFinding>> RequiredAsync(DomainSubject subject, IDnsRecords dns, DmarcCheck dmarc, CancellationToken stop)
    {
        var (keys, signers) = await new DkimCheck(dns).RunAsync(subject, stop).ConfigureAwait(false);
        var (spf, isSpfGood) = await new SpfCheck(dns, clock).RunAsync(subject, stop).ConfigureAwait(false);
        var isUnsure = keys.Concat(spf).Any(finding => finding.State is FindingState.Unknown);
        return [.. keys, .. spf, await dmarc.AlignmentAsync(subject, signers, isSpfGood, isUnsure, stop).ConfigureAwait(false)];
    }
}
