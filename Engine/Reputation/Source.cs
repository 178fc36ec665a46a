using System.Net;
using System.Net.Sockets;
using Engine.Mail;

namespace Engine.Reputation;

/// <summary>An address mail leaves from.</summary>
/// <param name="Id">Stable while the process lives, also over reloads.</param>
/// <param name="Name">Key in <c>sources</c>; <c>default</c> for the host's own address when there are none.</param>
/// <param name="Address">What receivers see; null for the host's default address.</param>
/// <param name="Bind">What is bound; null binds nothing.</param>
/// <param name="Ehlo">EHLO name.</param>
internal sealed record Source(SourceId Id, string Name, IPAddress? Address, IPAddress? Bind, string Ehlo)
{
    /// <summary>The proxy that has the address, where it is not on this host: nothing is bound then. PROXY protocol version 2.</summary>
    public IPEndPoint? Proxy { get; init; }

    /// <summary>Whether it can reach an address of this family.</summary>
    public bool Reaches(AddressFamily family) => (Proxy is null ? Bind : Address) is not { } local || local.AddressFamily == family;
}
