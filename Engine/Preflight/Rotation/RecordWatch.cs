using System.Net;
using Engine.Configuration;
using Engine.Dkim;
using Engine.Dkim.Rotation;
using Engine.Dns;
using Engine.Mail;

namespace Engine.Preflight.Rotation;

/// <summary>
/// Asks for a key record everywhere: each resolver of ours by itself, those of <c>dkim.rotation.ask</c>, and every name server of the zone directly. Who does not
/// answer has not shown it. Thread-safe.
/// </summary>
/// <remarks>A record that is an alias is followed into the zone it leads to, and the name servers there are asked too: at most <see cref="MaxZones"/> zones.</remarks>
/// <param name="dns">Finds name servers; asked for anew each time.</param>
/// <param name="options">The configuration in force.</param>
/// <param name="zones">Finds name servers.</param>
/// <param name="inquiry">Asks one server.</param>
/// <param name="clock">For TTLs.</param>
internal sealed class RecordWatch(Func<DnsClient> dns, Func<EngineOptions> options, ZoneServers zones, ServerInquiry inquiry, TimeProvider clock)
{
    private const int MaxZones = 4;
    private const int UsualPort = 53;

    /// <summary>Where the record of a key is shown.</summary>
    public async Task<KeySighting> LookAsync(DomainName domain, string selector, DkimRecord expected, CancellationToken stop)
    {
        var (dnsOptions, ask) = (options().Dns, options().Dkim.Rotation.Ask);
        var name = DkimRecord.NameOf(selector, domain);
        var resolvers = dnsOptions.Servers.Concat(ask).Distinct(StringComparer.Ordinal).Select(server => AtResolverAsync(server, name, expected, dnsOptions.Timeout, stop)).ToList();
        var authorities = AtAuthoritiesAsync(name, expected, dnsOptions.Timeout, stop);
        var places = (await Task.WhenAll(resolvers).ConfigureAwait(false)).ToList();
        places.AddRange(await authorities.ConfigureAwait(false));
        return new KeySighting(places);
    }

    private static IPEndPoint EndPointOf(string server)
    {
        var address = IPEndPoint.Parse(server);
        return address.Port == 0 ? new IPEndPoint(address.Address, UsualPort) : address;
    }

    private static IReadOnlyList<string> Texts(DnsAnswer answer) => [.. answer.Records.OfType<DnsRecord.Text>().Select(static record => record.Value)];

    private async Task<PlaceSighting> AtResolverAsync(string server, string name, DkimRecord expected, TimeSpan limit, CancellationToken stop)
    {
        var answer = await inquiry.ResolveAsync(EndPointOf(server), name, RecordType.Txt, limit, stop).ConfigureAwait(false);
        return Judge($"resolver {server}", answer, expected);
    }

    private async Task<List<PlaceSighting>> AtAuthoritiesAsync(string name, DkimRecord expected, TimeSpan limit, CancellationToken stop)
    {
        var places = new List<PlaceSighting>();
        var names = new List<string> { name };
        for (var at = 0; at < names.Count; at++)
        {
            if (at == MaxZones)
            {
                places.Add(new PlaceSighting(names[at], SightingKind.Silent, Remark: $"more than {MaxZones} aliases lead there"));
                break;
            }

            var servers = await zones.FindAsync(dns(), names[at], stop).ConfigureAwait(false);
            if (servers is null)
            {
                places.Add(new PlaceSighting($"name servers of {names[at]}", SightingKind.Silent, Remark: "they cannot be found"));
                continue;
            }

            foreach (var (place, onward) in await Task.WhenAll(servers.Select(server => AtServerAsync(server, names[at], expected, limit, stop))).ConfigureAwait(false))
            {
                if (onward is null)
                {
                    places.Add(place);
                }
                else if (!names.Contains(onward, StringComparer.OrdinalIgnoreCase))
                {
                    names.Add(onward);
                }
            }
        }

        return places;
    }

    // One of its addresses is enough: which of them a receiver's resolver asks is chance, and what they hold is one server's.
    private async Task<(PlaceSighting Place, string? Onward)> AtServerAsync(NameServer server, string name, DkimRecord expected, TimeSpan limit, CancellationToken stop)
    {
        foreach (var address in server.Addresses)
        {
            var reading = await inquiry.AskAsync(address, name, RecordType.Txt, limit, stop).ConfigureAwait(false);
            if (reading.Answer is { } answer)
            {
                return (Judge($"name server {server.Host} ({address.Address})", answer, expected), reading.Onward);
            }
        }

        var remark = server.Addresses.Count == 0 ? "it has no address that may be asked" : string.Empty;
        return (new PlaceSighting($"name server {server.Host}", SightingKind.Silent, Remark: remark), null);
    }

    private PlaceSighting Judge(string place, DnsAnswer? answer, DkimRecord expected)
    {
        if (answer is null || answer.Status is LookupStatus.Failed)
        {
            return new PlaceSighting(place, SightingKind.Silent);
        }

        var (kind, remark) = RecordMatch.Judge(expected, Texts(answer));
        var ttl = answer.Expires - clock.GetUtcNow();
        return new PlaceSighting(place, kind, ttl > TimeSpan.Zero ? ttl : TimeSpan.Zero, remark);
    }
}
