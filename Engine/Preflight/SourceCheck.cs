using System.Net;
using System.Net.Sockets;
using Engine.Dns;
using Engine.Reputation;

namespace Engine.Preflight;

/// <summary>Whether an address has a name that leads back to it, and says that name at EHLO: what receivers ask of every sender. Advice only. RFC 1912 §2.1, RFC 5321 §4.1.1.1.</summary>
/// <param name="dns">Answers questions.</param>
internal sealed class SourceCheck(IDnsRecords dns)
{
    private const int MaxNames = 10;

    public async ValueTask<IReadOnlyList<DomainFinding>> RunAsync(Source source, CancellationToken stop)
    {
        var subject = $"{source.Name} ({source.Address?.ToString() ?? "the host's own address"})";
        if (source.Address is not { } address)
        {
            return [Finding(FindingState.Advice, subject, "which address receivers see is not known") with { Wanted = "'sources' with their addresses in engine.json" }];
        }

        var reverse = ReverseName.Of(address).Name;
        var answer = await dns.AskAsync(reverse, RecordType.Ptr, stop).ConfigureAwait(false);
        var names = answer.Records.OfType<DnsRecord.Name>().Select(record => record.Target.TrimEnd('.').ToLowerInvariant()).Take(MaxNames).ToArray();
        var ehlo = source.Ehlo.TrimEnd('.').ToLowerInvariant();
        var name = answer.Status switch
        {
            LookupStatus.Failed => Finding(FindingState.Unknown, subject, $"no answer about {reverse}"),
            _ when names.Length == 0 => Finding(FindingState.Advice, subject, "no PTR record: many receivers refuse its mail") with { Wanted = $"PTR {ehlo}", Publish = ZoneLine.Ptr(reverse, ehlo) },
            _ when !names.Contains(ehlo) => Finding(FindingState.Advice, subject, $"PTR {string.Join(", ", names)}, but it says EHLO {ehlo}") with
            {
                Wanted = $"PTR {ehlo}, or ehlo {names[0]} in engine.json",
                Publish = ZoneLine.Ptr(reverse, ehlo),
            },
            _ when names.Length > 1 => Finding(FindingState.Advice, subject, $"{names.Length} PTR records ({string.Join(", ", names)}): receivers take any of them") with { Wanted = $"only PTR {ehlo}" },
            _ => Finding(FindingState.Good, subject, $"PTR {ehlo}, as it says at EHLO"),
        };
        var findings = new List<DomainFinding> { name };
        foreach (var host in names.Where(one => one != ehlo).Take(1).Append(ehlo))
        {
            findings.Add(await BackAsync(subject, host, address, host == ehlo, stop).ConfigureAwait(false));
        }

        return findings;
    }

    private static DomainFinding Finding(FindingState state, string subject, string found) => new(CheckTopic.Source, state, subject, found);

    // The name leads back to the address: forward-confirmed.
    private async ValueTask<DomainFinding> BackAsync(string subject, string host, IPAddress address, bool isEhlo, CancellationToken stop)
    {
        var type = address.AddressFamily is AddressFamily.InterNetwork ? RecordType.A : RecordType.Aaaa;
        var answer = await dns.AskAsync(host, type, stop).ConfigureAwait(false);
        var found = answer.Records.OfType<DnsRecord.Address>().Select(record => record.Value).ToArray();
        var what = isEhlo ? "EHLO name" : "PTR name";
        return answer.Status is LookupStatus.Failed ? Finding(FindingState.Unknown, subject, $"no answer about {host}")
            : found.Contains(address) ? Finding(FindingState.Good, subject, $"{what} {host} leads back to it")
            : Finding(FindingState.Advice, subject, found.Length == 0 ? $"{what} {host} has no address" : $"{what} {host} leads to {string.Join(", ", found.Take(3).AsEnumerable())}, not to it") with
            {
                Wanted = $"{host} leads to {address}",
                Publish = ZoneLine.Address(host, address),
            };
    }
}
