using System.Globalization;
using System.Runtime.CompilerServices;
using Engine.Dns;
using Engine.Mail;

namespace Engine.Delivery.Dane;

/// <summary>Finds the TLSA records that hold for a host. RFC 7672 §2.2. What they say is read once for each answer of the resolver. Thread-safe.</summary>
/// <remarks>
/// <code>
/// the host's addresses                                   asked, in this order
/// validated                                              host
/// validated, through aliases                             where the aliases end, then host
/// not validated, the host is an alias, that validated    host
/// not validated, that alias cannot be looked up          nothing: not this host, not now (RFC 7672 §2.1.1)
/// not validated                                          nothing
/// </code>
/// The first validated set counts. Without a resolver that validates, and without <c>dns.trustAd</c>, no answer is ever authentic, and nothing is asked.
/// </remarks>
/// <param name="dns">Over a resolver that may be believed.</param>
internal sealed class DaneDesk(DnsClient dns)
{
    private readonly ConditionalWeakTable<DnsAnswer, TlsaSet> _read = [];

    /// <param name="host">Exchanger whose name was validated.</param>
    /// <param name="port">TCP port of the server.</param>
    /// <param name="addresses">Of the host; found.</param>
    /// <param name="stop">Gives up.</param>
    public async ValueTask<DaneAnswer> FindAsync(string host, int port, AddressAnswer addresses, CancellationToken stop)
    {
        if (!addresses.IsAuthentic)
        {
            return addresses.Alias is null ? DaneAnswer.None : await AskAtAliasAsync(host, port, stop).ConfigureAwait(false);
        }

        if (addresses.Alias is { } target)
        {
            var there = await AskAsync(target, port, stop).ConfigureAwait(false);
            if (there.State is not DaneState.None)
            {
                return there;
            }
        }

        return await AskAsync(host, port, stop).ConfigureAwait(false);
    }

    // Who suppresses the answer about the alias must not suppress DANE with it.
    private async ValueTask<DaneAnswer> AskAtAliasAsync(string host, int port, CancellationToken stop)
    {
        if (!DomainName.TryParse(host, out var name))
        {
            return DaneAnswer.None;
        }

        return await dns.AskAsync(name, RecordType.Cname, stop).ConfigureAwait(false) switch
        {
            { Status: LookupStatus.Failed } failed => Failed(failed, host),
            { Status: LookupStatus.Found, IsAuthentic: true } => await AskAsync(host, port, stop).ConfigureAwait(false),
            _ => DaneAnswer.None,
        };
    }

    private static DaneAnswer Failed(DnsAnswer answer, string host) => new(answer.IsSilence ? DaneState.Unanswered : DaneState.Failed, null, host);

    private async ValueTask<DaneAnswer> AskAsync(string host, int port, CancellationToken stop)
    {
        if (!DomainName.TryParse(string.Create(CultureInfo.InvariantCulture, $"_{port}._tcp.{host}"), out var name))
        {
            return DaneAnswer.None;
        }

        var answer = await dns.AskAsync(name, RecordType.Tlsa, stop).ConfigureAwait(false);
        return answer switch
        {
            { Status: LookupStatus.Failed } => Failed(answer, host),
            { Status: LookupStatus.Found, IsAuthentic: true } => new DaneAnswer(DaneState.Found, Read(answer, host), host),
            _ => DaneAnswer.None,
        };
    }

    private TlsaSet Read(DnsAnswer answer, string host)
    {
        if (!_read.TryGetValue(answer, out var tlsa))
        {
            tlsa = TlsaSet.Of(host, answer.Records);
            _read.AddOrUpdate(answer, tlsa);
        }

        return tlsa;
    }
}
