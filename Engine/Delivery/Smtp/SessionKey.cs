using System.Net;
using Engine.Configuration;
using Engine.Mail;
using Engine.Reputation;
using Engine.Wire;

namespace Engine.Delivery.Smtp;

/// <summary>Which messages may share a connection: source × address of the exchanger × TLS requirement. architecture.md §4.</summary>
/// <param name="Source">Where it leaves from.</param>
/// <param name="Address">Where it goes.</param>
/// <param name="Origin">Who named the address: a session to one that an operator wrote must not serve what DNS points to it.</param>
/// <param name="Tls">What the policy asked for when it was opened.</param>
/// <param name="VerifiedName">What the certificate was held against, and whether REQUIRETLS is offered, see <see cref="Trust.TlsDemand.Key"/>; empty when it was not looked at.</param>
/// <param name="Relay">Relay and user the session belongs to, as <c>NAME/USER</c>; empty for exchangers. What is logged in serves nobody else.</param>
internal readonly record struct SessionKey(SourceId Source, IPEndPoint Address, AddressOrigin Origin, TlsPolicy Tls, string VerifiedName = "", string Relay = "")
{
    /// <summary>What the source was when it was opened, by value: a reload that gives it another address, proxy or name leaves the old session alone.</summary>
    public Source? Way { get; init; }
}
