using System.Net;
using System.Net.Sockets;
using Engine.Dns;

namespace Engine.Reputation.Blocklists;

/// <summary>What the answers of one zone mean. Pure; thread-safe.</summary>
/// <remarks>
/// The sternest reading of all the addresses of an answer counts: outside 127.0.0.0/8 → foreign; 127.255.255.0/24 or a code of
/// <paramref name="Refused"/> → refused; a code of <paramref name="Listed"/> → listed; anything else is shown and does not count.
/// </remarks>
/// <param name="Listed">Codes that are a listing.</param>
/// <param name="Refused">Codes that say that we are not answered.</param>
/// <param name="Known">Codes that are neither.</param>
internal sealed record AnswerRules(IReadOnlyList<AnswerPattern> Listed, IReadOnlyList<AnswerPattern> Refused, IReadOnlyList<AnswerPattern> Known)
{
    /// <summary>No list means a listing by these: it is how operators tell a resolver that they do not serve it.</summary>
    public static readonly AnswerPattern Errors = new(new OctetRange(255, 255), new OctetRange(255, 255), OctetRange.Any, 0, "the list does not answer this resolver");

    /// <param name="answer">To a question for A records.</param>
    /// <param name="now">For what is left of its life.</param>
    public ListAnswer Judge(DnsAnswer answer, DateTimeOffset now) => answer.Status switch
    {
        LookupStatus.Found => Judge(answer.Records, answer.Expires - now),
        LookupStatus.NoSuchDomain or LookupStatus.NoData => new ListAnswer(ListVerdict.NotListed, string.Empty, TimeSpan.Zero, answer.NegativeTtl),
        _ => ListAnswer.Silence,
    };

    private ListAnswer Judge(IReadOnlyList<DnsRecord> records, TimeSpan ttl)
    {
        var addresses = records.OfType<DnsRecord.Address>().Select(record => record.Value).Where(address => address.AddressFamily is AddressFamily.InterNetwork).ToList();
        if (addresses.Find(address => address.GetAddressBytes()[0] != 127) is { } foreign)
        {
            return new ListAnswer(ListVerdict.Foreign, foreign.ToString(), TimeSpan.Zero);
        }

        if (Meaning(addresses, [Errors, .. Refused]) is { Length: > 0 } refused)
        {
            return new ListAnswer(ListVerdict.Refused, refused, TimeSpan.Zero);
        }

        return Meaning(addresses, Listed) is { Length: > 0 } listed
            ? new ListAnswer(ListVerdict.Listed, listed, ttl)
            : new ListAnswer(ListVerdict.Other, string.Join(", ", addresses.Select(Unlisted)), TimeSpan.Zero);
    }

    private static string Meaning(List<IPAddress> addresses, IReadOnlyList<AnswerPattern> patterns) => string.Join(", ", addresses
        .OrderBy(address => address.ToString(), StringComparer.Ordinal)
        .Select(address => (Address: address, Words: Words(address, patterns)))
        .Where(code => code.Words is not null)
        .Select(code => $"{code.Address} {code.Words}".TrimEnd()));

    private static string? Words(IPAddress address, IReadOnlyList<AnswerPattern> patterns)
    {
        var matched = patterns.Where(pattern => pattern.Matches(address)).ToList();
        return matched.Count == 0 ? null : string.Join(" and ", matched.Select(pattern => pattern.Meaning).Where(meaning => meaning.Length > 0));
    }

    private string Unlisted(IPAddress address) => $"{address} {Words(address, Known) ?? "is a code we do not know"}".TrimEnd();
}
