using System.Net;
using System.Net.Sockets;

namespace Engine.Reputation;

/// <summary>The families in which a destination has addresses; the default value: not known yet.</summary>
internal readonly record struct AddressFamilies
{
    private const byte Four = 1;
    private const byte Six = 2;

    private byte Bits { get; init; }

    public bool IsUnknown => Bits == 0;

    public AddressFamilies With(IPAddress address) => new() { Bits = (byte)(Bits | BitOf(address.AddressFamily)) };

    public bool Has(AddressFamily family) => (Bits & BitOf(family)) != 0;

    private static byte BitOf(AddressFamily family) => family switch
    {
        AddressFamily.InterNetwork => Four,
        AddressFamily.InterNetworkV6 => Six,
        _ => 0,
    };
}
