using System.Collections.Frozen;
using Engine.Configuration;
using Engine.Configuration.Providers;
using Engine.Delivery.Dane;
using Engine.Dns;
using Engine.Wire;

namespace Engine.Delivery;

/// <summary>What opening a session depends on; swapped whole at reload.</summary>
/// <param name="Dns">Looks up addresses.</param>
/// <param name="Connector">Connects, and refuses addresses that may not be connected to.</param>
/// <param name="Timeouts">Key <c>delivery.timeouts</c>.</param>
/// <param name="Tls">Key <c>delivery.tls.policy</c>.</param>
/// <param name="Family">Key <c>delivery.addressFamily</c>.</param>
/// <param name="MessagesPerConnection">Key <c>delivery.connections.messages</c>.</param>
internal sealed record OpeningNeeds(IMailDns Dns, Connector Connector, TimeoutOptions Timeouts, TlsPolicy Tls, AddressFamilyChoice Family, int MessagesPerConnection)
{
    /// <summary>What is known of providers; null for nothing.</summary>
    public ProviderBook? Providers { get; init; }

    /// <summary>Asks for TLSA records; null where key <c>delivery.tls.dane</c> is false.</summary>
    public DaneDesk? Dane { get; init; }

    /// <summary>Whose certificates are good where a name is checked; null for the host's roots.</summary>
    public TrustedRoots? Roots { get; init; }

    /// <summary>Names this engine goes by: a relay that gives one is ourselves. Compared without case.</summary>
    public IReadOnlySet<string> Self { get; init; } = FrozenSet<string>.Empty;
}
