using System.Net;

namespace Engine.Dns;

/// <summary>What one record says, by its type. Names are in the text form of <see cref="WireName"/>, with the letters as they came.</summary>
internal abstract record DnsRecord(RecordType Type)
{
    /// <summary>A or AAAA, by the family of the address.</summary>
    internal sealed record Address(IPAddress Value)
        : DnsRecord(Value.GetAddressBytes().Length == 4 ? RecordType.A : RecordType.Aaaa);

    /// <summary><paramref name="Host"/> is <c>.</c> in a null MX (RFC 7505).</summary>
    internal sealed record Mx(ushort Preference, string Host) : DnsRecord(RecordType.Mx);

    /// <summary>CNAME, PTR or NS.</summary>
    internal sealed record Name(RecordType Type, string Target) : DnsRecord(Type);

    /// <summary>The strings of one TXT record joined without anything between (RFC 7208 §3.3, RFC 6376 §3.6.2.2), as UTF-8; octets that are none become U+FFFD.</summary>
    internal sealed record Text(string Value) : DnsRecord(RecordType.Txt);

    /// <summary>RFC 6698 §2.1. The association is a copy of its own.</summary>
    internal sealed record Tlsa(byte Usage, byte Selector, byte Matching, ReadOnlyMemory<byte> Association) : DnsRecord(RecordType.Tlsa);

    /// <summary>The five numbers are those of RFC 1035 §3.3.13, in seconds but for the serial.</summary>
    internal sealed record Soa(string Primary, string Contact, uint Serial, uint Refresh, uint Retry, uint Expire, uint Minimum)
        : DnsRecord(RecordType.Soa);

    /// <summary>A type the house does not know, its data as it came: a copy of its own.</summary>
    internal sealed record Opaque(RecordType Type, ReadOnlyMemory<byte> Data) : DnsRecord(Type);
}
