using Engine.Dns;
using Engine.Mail;

namespace Engine.Preflight.Dmarc;

/// <summary>The policy of a domain, the next step towards p=reject, and whether its mail is aligned.</summary>
/// <param name="dns">Answers questions.</param>
internal sealed class DmarcCheck(IDnsRecords dns)
{
    private readonly DmarcDiscovery _discovery = new(dns);

    /// <summary>Whether a policy that receivers act on holds for the domain: BIMI asks for it. After <see cref="PolicyAsync"/>.</summary>
    public bool IsEnforced { get; private set; }

    /// <summary>Alignment of From with DKIM and SPF (RFC 7489 §3.1): one of them is enough.</summary>
    /// <param name="subject">The domain.</param>
    /// <param name="signers">d= of signatures that will hold.</param>
    /// <param name="isSpfGood">Whether every source passes SPF.</param>
    /// <param name="isUnsure">DKIM or SPF could not be asked: then no alignment proves nothing.</param>
    /// <param name="stop">Gives up.</param>
    public async ValueTask<DomainFinding> AlignmentAsync(DomainSubject subject, IReadOnlyList<DomainName> signers, bool isSpfGood, bool isUnsure, CancellationToken stop)
    {
        var walk = await _discovery.WalkAsync(subject.Domain, stop).ConfigureAwait(false);
        var record = walk.Policy?.Record;
        foreach (var signer in signers.Distinct())
        {
            var isAligned = await _discovery.IsAlignedAsync(subject.Domain, signer, record?.IsDkimStrict ?? false, stop).ConfigureAwait(false);
            isUnsure |= isAligned is null;
            if (isAligned is true)
            {
                return Alignment(FindingState.Good, subject, $"by DKIM: d={signer}");
            }
        }

        if (isSpfGood)
        {
            var isAligned = await _discovery.IsAlignedAsync(subject.Domain, subject.ReturnPath, record?.IsSpfStrict ?? false, stop).ConfigureAwait(false);
            isUnsure |= isAligned is null;
            if (isAligned is true)
            {
                return Alignment(FindingState.Good, subject, $"by SPF: the return path is at {subject.ReturnPath}");
            }
        }

        if (subject.Keys.Count == 0 && !subject.Sources.Any(source => source.Address is not null))
        {
            return Alignment(FindingState.Advice, subject, "not known: no key signs, and no source has an address") with { IsRequired = false };
        }

        return isUnsure
            ? Alignment(FindingState.Unknown, subject, "DNS could not be asked")
            : Alignment(FindingState.Wrong, subject, $"neither a signature that holds nor the return path ({subject.ReturnPath}) is of the From domain") with
            {
                Wanted = $"a key of {subject.Domain}, or a return path below it that SPF lets through",
            };
    }

    public async ValueTask<IReadOnlyList<DomainFinding>> PolicyAsync(DomainSubject subject, CancellationToken stop)
    {
        var walk = await _discovery.WalkAsync(subject.Domain, stop).ConfigureAwait(false);
        // Whatever is above it, a domain's own record is its policy.
        if (walk.IsTemporary && walk.Policy?.Name != subject.Domain.Name)
        {
            return [Policy(FindingState.Unknown, $"_dmarc.{subject.Domain}", "no answer")];
        }

        if (walk.Policy is not { } policy)
        {
            var name = $"_dmarc.{subject.Domain}";
            return [Policy(FindingState.Advice, name, walk.Fault ?? "no record, here or above") with
            {
                Wanted = "a policy; first one that only asks for reports",
                Publish = ZoneLine.Txt(name, $"v=DMARC1; p=none; rua=mailto:dmarc-reports@{subject.Domain}"),
            }];
        }

        var holds = policy.Name == subject.Domain.Name ? policy.Record.Policy : policy.Record.SubdomainPolicy;
        IsEnforced = holds is not DmarcPolicy.None && policy.Record.Percent == 100 && !policy.Record.IsTesting;
        var findings = new List<DomainFinding> { Step(policy.Name, policy.Record, holds) };
        foreach (var uri in policy.Record.Reports)
        {
            if (await ReportingAsync(policy.Name, uri, stop).ConfigureAwait(false) is { } finding)
            {
                findings.Add(finding);
            }
        }

        return findings;
    }

    private static DomainFinding Alignment(FindingState state, DomainSubject subject, string found) => new(CheckTopic.Alignment, state, subject.Domain.Name, found) { IsRequired = true };

    private static DomainFinding Policy(FindingState state, string name, string found) => new(CheckTopic.Dmarc, state, name, found);

    // One step at a time: none, reports, quarantine, reject.
    private static DomainFinding Step(string domain, DmarcRecord record, DmarcPolicy holds)
    {
        var name = $"_dmarc.{domain}";
        var tag = holds == record.Policy ? "p" : "sp";
        var found = $"{tag}={Word(holds)}{(record.IsTesting ? " t=y" : string.Empty)}{(record.Percent < 100 ? $" pct={record.Percent}" : string.Empty)}";
        var (wanted, text) = holds switch
        {
            _ when record.Reports.Count == 0 => ("rua=, so that you see who sends in your name", record.With(("rua", $"mailto:dmarc-reports@{domain}"))),
            DmarcPolicy.None => ("p=quarantine, once the reports show your own mail aligned", record.With((tag, "quarantine"), ("pct", null))),
            _ when record.IsTesting => ("the policy without t=y", record.With(("t", null))),
            _ when record.Percent < 100 => ("the policy without pct=, which receivers read no more (DMARCbis)", record.With(("pct", null))),
            DmarcPolicy.Quarantine => ("p=reject, once nothing of yours is quarantined any more", record.With((tag, "reject"))),
            _ => (null, null),
        };
        return Policy(wanted is null || holds is DmarcPolicy.Quarantine && !record.IsTesting && record.Percent == 100 && record.Reports.Count > 0 ? FindingState.Good : FindingState.Advice, name, found) with
        {
            Wanted = wanted,
            Publish = text is null ? null : ZoneLine.Txt(name, text),
        };
    }

    private static string Word(DmarcPolicy policy) => policy.ToString().ToLowerInvariant();

    // RFC 7489 §7.1: who is to get reports about others must have said so.
    private async ValueTask<DomainFinding?> ReportingAsync(string domain, string uri, CancellationToken stop)
    {
        const string Scheme = "mailto:";
        var address = uri.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? uri[Scheme.Length..].Split('!', '?')[0] : string.Empty;
        if (!DomainName.TryParse(address[(address.LastIndexOf('@') + 1)..], out var host) || address.IndexOf('@', StringComparison.Ordinal) <= 0)
        {
            return Policy(FindingState.Advice, $"_dmarc.{domain}", $"rua={uri} is no mailto: address") with { Wanted = "rua=mailto:NAME@DOMAIN" };
        }

        if (await _discovery.IsAlignedAsync(DomainName.Parse(domain), host, isStrict: false, stop).ConfigureAwait(false) is true)
        {
            return null;
        }

        var name = $"{domain}._report._dmarc.{host}";
        var answer = await dns.AskAsync(name, RecordType.Txt, stop).ConfigureAwait(false);
        return answer.Status is LookupStatus.Failed ? Policy(FindingState.Unknown, name, "no answer")
            : answer.Records.OfType<DnsRecord.Text>().Any(record => DmarcRecord.IsDmarc(record.Value)) ? null
            : Policy(FindingState.Advice, name, $"{host} has not said that it takes reports about {domain}: none are sent there") with
            {
                Wanted = $"this record, published by {host}",
                Publish = ZoneLine.Txt(name, "v=DMARC1"),
            };
    }
}
