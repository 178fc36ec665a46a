using Engine.Dns;
using Engine.Mail;

namespace Engine.Preflight;

/// <summary>Whether bounces come back: the MX of the return path leads to us.</summary>
/// <param name="dns">Answers questions.</param>
internal sealed class ReturnPathCheck(IDnsRecords dns)
{
    private const int MaxHosts = 10;

    public async ValueTask<DomainFinding> RunAsync(DomainSubject subject, CancellationToken stop)
    {
        var name = subject.ReturnPath.Name;
        if (!subject.IsOwnPath)
        {
            return Finding(FindingState.Good, name, "not ours: the submitter's own path stays (feedback.verp is off)");
        }

        var answer = await dns.AskAsync(name, RecordType.Mx, stop).ConfigureAwait(false);
        var hosts = answer.Records.OfType<DnsRecord.Mx>().OrderBy(record => record.Preference).Select(record => record.Host.TrimEnd('.').ToLowerInvariant()).Take(MaxHosts).ToArray();
        if (answer.Status is LookupStatus.Failed)
        {
            return Finding(FindingState.Unknown, name, "no answer");
        }

        var isUnsure = false;
        foreach (var host in hosts)
        {
            var isOurs = await IsOursAsync(host, subject.Self, stop).ConfigureAwait(false);
            isUnsure |= isOurs is null;
            if (isOurs is true)
            {
                return Finding(FindingState.Good, name, $"MX {host} is this engine");
            }
        }

        if (isUnsure)
        {
            return Finding(FindingState.Unknown, name, "no answer about its exchangers");
        }

        var own = subject.Self.Names.Select(one => one.Name).Order(StringComparer.Ordinal).FirstOrDefault();
        return Finding(FindingState.Advice, name, hosts.Length == 0 ? "no MX record: bounces are lost" : $"MX {string.Join(", ", hosts)}: none of them is this engine, so its bounces go elsewhere") with
        {
            Wanted = "an MX that leads to a listener of role feedback",
            Publish = own is null ? null : ZoneLine.Mx(name, own),
        };
    }

    private static DomainFinding Finding(FindingState state, string name, string found) => new(CheckTopic.ReturnPath, state, name, found);

    // Null where DNS did not say.
    private async ValueTask<bool?> IsOursAsync(string host, OwnIdentity self, CancellationToken stop)
    {
        if (DomainName.TryParse(host, out var name) && self.Names.Contains(name))
        {
            return true;
        }

        var four = await dns.AskAsync(host, RecordType.A, stop).ConfigureAwait(false);
        var six = await dns.AskAsync(host, RecordType.Aaaa, stop).ConfigureAwait(false);
        return four.Records.Concat(six.Records).OfType<DnsRecord.Address>().Any(record => self.Addresses.Contains(record.Value)) ? true
            : four.Status is LookupStatus.Failed || six.Status is LookupStatus.Failed ? null
            : false;
    }
}
