using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Engine.Wire;

/// <summary>The header that tells a proxy where a connection is to come from and go to: PROXY protocol version 2, binary, command PROXY.</summary>
/// <remarks>haproxy.org, doc/proxy-protocol.txt §2.2: signature, version and command, family and transport, length, addresses, ports, all in network order.</remarks>
internal static class ProxyHeader
{
    /// <summary>Octets of the longest one, for TCP over IPv6.</summary>
    public const int MaxLength = 16 + 36;

    private const byte VersionAndProxy = 0x21;
    private const byte TcpOverIpv4 = 0x11;
    private const byte TcpOverIpv6 = 0x21;

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>Writes the header.</summary>
    /// <param name="target">At least <see cref="MaxLength"/> octets.</param>
    /// <param name="source">The address to leave from, with port 0: the proxy picks one.</param>
    /// <param name="destination">Where to; of the same family.</param>
    /// <returns>Octets written: 28 or 52.</returns>
    public static int Write(Span<byte> target, IPEndPoint source, IPEndPoint destination)
    {
        if (source.AddressFamily != destination.AddressFamily)
        {
            throw new ArgumentException("The two are not of one family.", nameof(destination));
        }

        var isIpv4 = source.AddressFamily is AddressFamily.InterNetwork;
        var size = isIpv4 ? 4 : 16;
        var length = (2 * size) + 4;
        Signature.CopyTo(target);
        target[12] = VersionAndProxy;
        target[13] = isIpv4 ? TcpOverIpv4 : TcpOverIpv6;
        BinaryPrimitives.WriteUInt16BigEndian(target[14..], (ushort)length);
        var rest = target[16..];
        source.Address.TryWriteBytes(rest, out _);
        destination.Address.TryWriteBytes(rest[size..], out _);
        BinaryPrimitives.WriteUInt16BigEndian(rest[(2 * size)..], (ushort)source.Port);
        BinaryPrimitives.WriteUInt16BigEndian(rest[((2 * size) + 2)..], (ushort)destination.Port);
        return 16 + length;
    }
}
