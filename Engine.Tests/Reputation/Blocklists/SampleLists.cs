using System.Net;
using Engine.Dns;
using Engine.Mail;
using Engine.Reputation.Blocklists;

namespace Engine.Tests.Reputation.Blocklists;

/// <summary>Lists and answers for tests.</summary>
internal static class SampleLists
{
    public static readonly DateTimeOffset Start = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static readonly ListAnswer Clean = new(ListVerdict.NotListed, string.Empty, TimeSpan.Zero, TimeSpan.FromSeconds(60));

    public static readonly ListAnswer Hit = new(ListVerdict.Listed, "127.0.0.2 spam", TimeSpan.FromSeconds(300));

    public static Blocklist Make(string zone, ListWeight weight = ListWeight.Major, ListKind kind = ListKind.Ip4, string affects = "*") => new()
    {
        Zone = zone,
        Kind = kind,
        Weight = weight,
        Suffix = DomainName.Parse(zone),
        Rules = Rules("127.0.0.2=spam"),
        Affects = affects.Split(',', StringSplitOptions.RemoveEmptyEntries),
        MustList = kind switch { ListKind.Domain => "test", ListKind.Ip6 => "::ffff:7f00:2", _ => "127.0.0.2" },
        MustNotList = kind switch { ListKind.Domain => "invalid", ListKind.Ip6 => "::ffff:7f00:1", _ => "127.0.0.1" },
        Named = [zone],
        Delisting = $"https://{zone}/remove",
    };

    public static AnswerRules Rules(string listed, string refused = "", string known = "") => new(Codes(listed), Codes(refused), Codes(known));

    public static ListSubject Source(int number) => new($"s{number}", $"192.0.2.{number}");

    public static DnsAnswer Found(string addresses, int ttl = 300) => new(
        LookupStatus.Found,
        [.. addresses.Split(' ').Select(address => new DnsRecord.Address(IPAddress.Parse(address)))],
        IsAuthentic: false,
        Start.AddSeconds(ttl));

    private static IReadOnlyList<AnswerPattern> Codes(string codes) => [.. codes.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(Code)];

    private static AnswerPattern Code(string text) => AnswerPattern.TryParse(text, out var code) ? code : throw new FormatException(text);
}
