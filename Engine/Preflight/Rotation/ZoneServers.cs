using System.Net;
using System.Net.Sockets;
using Engine.Dns;
using Engine.Mail;

namespace Engine.Preflight.Rotation;

/// <summary>Finds the name servers of the zone that a name lies in. Thread-safe.</summary>
/// <param name="mayAsk">Says whether an address that a stranger's zone names may be asked: the rule that holds for mail.</param>
internal sealed class ZoneServers(Func<IPEndPoint, bool> mayAsk)
{
    // From a selector's name up to the zone; deeper names are nobody's.
    private const int MaxUp = 12;

    // Zones have up to 13 name servers; what a stranger writes beyond is not asked, and so not believed to show anything.
    private const int MaxServers = 16;
    private const int MaxAddresses = 4;

    /// <summary>Where name servers listen. 53 but in tests.</summary>
    public int Port { get; set; } = 53;

    /// <summary>Null when they cannot be found for now.</summary>
    /// <param name="dns">Asked past its cache: a zone may have moved a moment ago.</param>
    /// <param name="name">Any name in the zone.</param>
    /// <param name="stop">Gives up.</param>
    public async Task<IReadOnlyList<NameServer>?> FindAsync(DnsClient dns, string name, CancellationToken stop)
    {
        for (var (up, zone) = (0, name); up < MaxUp && DomainName.TryParse(zone, out var domain); up++)
        {
            var answer = await dns.AskPastCacheAsync(domain, RecordType.Ns, stop).ConfigureAwait(false);
            if (answer.Status is LookupStatus.Found)
            {
                var hosts = answer.Records.OfType<DnsRecord.Name>().Select(static record => record.Target).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
                return hosts.Count is 0 or > MaxServers ? null : await Task.WhenAll(hosts.Select(host => AddressesAsync(dns, host, stop))).ConfigureAwait(false);
            }

            if (answer.Status is LookupStatus.Failed || zone.IndexOf('.', StringComparison.Ordinal) is not (var dot and >= 0))
            {
                return null;
            }

            zone = zone[(dot + 1)..];
        }

        return null;
    }

    private async Task<NameServer> AddressesAsync(DnsClient dns, string host, CancellationToken stop)
    {
        if (!DomainName.TryParse(host, out var domain))
        {
            return new NameServer(host, []);
        }

        var answers = await Task.WhenAll(
            dns.AskPastCacheAsync(domain, RecordType.A, stop),
            dns.AskPastCacheAsync(domain, RecordType.Aaaa, stop)).ConfigureAwait(false);
        var addresses = answers
            .SelectMany(static answer => answer.Records.OfType<DnsRecord.Address>())
            .Select(record => new IPEndPoint(record.Value, Port))
            .Where(mayAsk)
            .OrderBy(static address => address.AddressFamily is AddressFamily.InterNetwork ? 0 : 1)
            .Take(MaxAddresses);
        return new NameServer(host, [.. addresses]);
    }
}
