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

    /// <summary>Whether the address it leaves from is to be on this host.</summary>
    public bool IsBoundHere => Proxy is null && Bind is not null;

    // The address that says which family it reaches; null for the host's own, which reaches both.
    private IPAddress? Local => Proxy is null ? Bind : Address;

    /// <summary>Whether it can reach an address of this family.</summary>
    public bool Reaches(AddressFamily family) => Local is not { } local || local.AddressFamily == family;

    /// <summary>
    /// Whether it can reach a destination with addresses of these families. If not, its lane is passed over: that is local trouble, no attempt
    /// counts, and another source of the pool is tried. What is not known yet is worth a try.
    /// </summary>
    public bool Reaches(AddressFamilies families) => families.IsUnknown || Local is not { } local || families.Has(local.AddressFamily);
}
