using Engine.Mail;

namespace Engine.Dns;

/// <summary>What an answer is kept under.</summary>
/// <param name="Name">Whose.</param>
/// <param name="Kind">A record type, or a number of those for private use (RFC 6895 §3.1) for what <see cref="MailDns"/> puts together.</param>
internal readonly record struct CacheKey(DomainName Name, ushort Kind)
{
    private const ushort ExchangersKind = 0xFF00;
    private const ushort AddressesKind = 0xFF01;

    public static CacheKey Records(DomainName name, RecordType type) => new(name, (ushort)type);

    public static CacheKey Exchangers(DomainName domain) => new(domain, ExchangersKind);

    public static CacheKey Addresses(DomainName host) => new(host, AddressesKind);

    /// <summary>Seeded anew in each process, so that nobody can choose names that meet in one place.</summary>
    public uint Hash() => ((uint)Name.Name.GetHashCode(StringComparison.Ordinal) ^ Kind) * 0x9E37_79B1u;
}
