namespace Engine.Dns;

/// <summary>Types of records that the house knows. Any other number may be asked too; it comes back as <see cref="DnsRecord.Opaque"/>.</summary>
internal enum RecordType : ushort
{
    A = 1,
    Ns = 2,
    Cname = 5,
    Soa = 6,
    Ptr = 12,
    Mx = 15,
    Txt = 16,
    Aaaa = 28,

    /// <summary>The pseudo record of EDNS. RFC 6891.</summary>
    Opt = 41,

    /// <summary>RFC 6698.</summary>
    Tlsa = 52,
}
