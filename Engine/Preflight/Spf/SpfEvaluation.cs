using System.Net.Sockets;
using Engine.Dns;

namespace Engine.Preflight.Spf;

/// <summary>check_host() of RFC 7208 §4, with all its limits: 10 terms that ask DNS, 2 look-ups that find nothing, 10 exchangers or names behind each term. One evaluation; not thread-safe.</summary>
/// <remarks>
/// Every term that asks counts, an include as well as the terms it leads to, and the eleventh is an error; so no chain or circle of records goes on. Time is the
/// bound of whoever answers the questions.
/// </remarks>
/// <param name="dns">Answers questions.</param>
/// <param name="query">What is asked.</param>
/// <param name="now">For the macro <c>t</c>.</param>
internal sealed class SpfEvaluation(IDnsRecords dns, SpfQuery query, DateTimeOffset now)
{
    /// <summary>Terms that may ask DNS.</summary>
    public const int MaxLookups = 10;

    private const int MaxVoids = 2;
    private const int MaxNames = 10;

    private int _lookups;
    private int _voids;

    // Does a term match, or what ends everything.
    private readonly record struct Match(bool IsMatch, Decision? Fault)
    {
        public static readonly Match Yes = new(IsMatch: true, null);
        public static readonly Match No = new(IsMatch: false, null);

        public static Match Of(bool isMatch) => isMatch ? Yes : No;

        public static Match Broken(SpfResult result, string reason) => new(IsMatch: false, new Decision(result, reason));
    }

    private sealed record Decision(SpfResult Result, string Reason)
    {
        /// <summary>Where an explanation would come from.</summary>
        public (string Spec, string Domain)? Explanation { get; init; }
    }

    private AddressFamily Family => query.Address.AddressFamily;

    private RecordType AddressType => Family is AddressFamily.InterNetwork ? RecordType.A : RecordType.Aaaa;

    public async ValueTask<SpfVerdict> RunAsync(CancellationToken stop)
    {
        var decision = await CheckAsync(query.SenderDomain, stop).ConfigureAwait(false);
        var explanation = decision is { Result: SpfResult.Fail, Explanation: { } from } ? await ExplainAsync(from.Spec, from.Domain, stop).ConfigureAwait(false) : null;
        return new SpfVerdict(decision.Result, decision.Reason, _lookups, _voids) { Explanation = explanation };
    }

    private static bool IsDomain(string name)
    {
        var labels = name.Split('.');
        return labels.Length > 1 && name.Length <= 253 && labels.All(label => label.Length is >= 1 and <= 63) && SpfMacro.IsTopLabel(labels[^1]);
    }

    private async ValueTask<Decision> CheckAsync(string domain, CancellationToken stop)
    {
        if (!IsDomain(domain))
        {
            return new Decision(SpfResult.None, $"'{domain}' is no domain");
        }

        var answer = await dns.AskAsync(domain, RecordType.Txt, stop).ConfigureAwait(false);
        var texts = answer.Records.OfType<DnsRecord.Text>().Select(record => record.Value).Where(SpfRecord.IsSpf).ToArray();
        return (answer.Status, texts.Length) switch
        {
            (LookupStatus.Failed, _) => new Decision(SpfResult.TempError, $"no answer about {domain}"),
            (_, 0) => new Decision(SpfResult.None, $"{domain} has no SPF record"),
            (_, > 1) => new Decision(SpfResult.PermError, $"{domain} has {texts.Length} SPF records"),
            _ => SpfRecord.TryParse(texts[0], out var record, out var fault)
                ? await JudgeAsync(record, domain, stop).ConfigureAwait(false)
                : new Decision(SpfResult.PermError, $"{domain}: {fault}"),
        };
    }

    private async ValueTask<Decision> JudgeAsync(SpfRecord record, string domain, CancellationToken stop)
    {
        foreach (var term in record.Terms)
        {
            var match = await MatchAsync(term, domain, stop).ConfigureAwait(false);
            if (match.Fault is { } fault)
            {
                return fault;
            }

            if (match.IsMatch)
            {
                return new Decision(term.Qualifier, $"{term.Text} of {domain}") { Explanation = record.Explanation is { } spec ? (spec, domain) : null };
            }
        }

        return record.Redirect is { } redirect
            ? await RedirectAsync(redirect, domain, stop).ConfigureAwait(false)
            : new Decision(SpfResult.Neutral, $"no term of {domain} matches");
    }

    private async ValueTask<Decision> RedirectAsync(string spec, string domain, CancellationToken stop)
    {
        if (++_lookups > MaxLookups)
        {
            return TooMany(domain).Fault!;
        }

        var target = await ExpandAsync(spec, domain, stop).ConfigureAwait(false);
        var decision = target is null ? new Decision(SpfResult.None, $"redirect={spec} grows beyond all bounds") : await CheckAsync(target, stop).ConfigureAwait(false);
        return decision.Result is SpfResult.None ? decision with { Result = SpfResult.PermError } : decision;
    }

    private static Match TooMany(string domain) => Match.Broken(SpfResult.PermError, $"more than {MaxLookups} look-ups, at {domain}");

    private async ValueTask<Match> MatchAsync(SpfTerm term, string domain, CancellationToken stop)
    {
        if (term.AsksDns && ++_lookups > MaxLookups)
        {
            return TooMany(domain);
        }

        var target = domain;
        if (term.Domain is { } spec)
        {
            if (await ExpandAsync(spec, domain, stop).ConfigureAwait(false) is not { } expanded)
            {
                return Match.Broken(SpfResult.PermError, $"{term.Text} of {domain} grows beyond all bounds");
            }

            target = expanded;
        }

        return term.Kind switch
        {
            SpfKind.All => Match.Yes,
            SpfKind.Ip4 or SpfKind.Ip6 => Match.Of(term.Covers(term.Address!, query.Address)),
            SpfKind.Include => await IncludeAsync(term, target, stop).ConfigureAwait(false),
            SpfKind.A => await AddressAsync(term, target, stop).ConfigureAwait(false),
            SpfKind.Mx => await ExchangersAsync(term, target, stop).ConfigureAwait(false),
            SpfKind.Ptr => Match.Of((await NamesAsync(stop).ConfigureAwait(false)).Any(name => IsAtOrBelow(name, target))),
            _ => await ExistsAsync(target, stop).ConfigureAwait(false),
        };
    }

    private async ValueTask<Match> IncludeAsync(SpfTerm term, string target, CancellationToken stop)
    {
        var inner = await CheckAsync(target, stop).ConfigureAwait(false);
        return inner.Result switch
        {
            SpfResult.Pass => Match.Yes,
            SpfResult.TempError or SpfResult.PermError => new Match(IsMatch: false, inner),
            SpfResult.None => Match.Broken(SpfResult.PermError, $"{term.Text}: {inner.Reason}"),
            _ => Match.No,
        };
    }

    private async ValueTask<Match> AddressAsync(SpfTerm term, string host, CancellationToken stop)
    {
        var answer = await dns.AskAsync(host, AddressType, stop).ConfigureAwait(false);
        return Fault(answer, host) ?? Match.Of(answer.Records.OfType<DnsRecord.Address>().Any(record => term.Covers(record.Value, query.Address)));
    }

    private async ValueTask<Match> ExistsAsync(string name, CancellationToken stop)
    {
        var answer = await dns.AskAsync(name, RecordType.A, stop).ConfigureAwait(false);
        return Fault(answer, name) ?? Match.Of(answer.Records.Count > 0);
    }

    private async ValueTask<Match> ExchangersAsync(SpfTerm term, string domain, CancellationToken stop)
    {
        var answer = await dns.AskAsync(domain, RecordType.Mx, stop).ConfigureAwait(false);
        if (Fault(answer, domain) is { } fault)
        {
            return fault;
        }

        var hosts = answer.Records.OfType<DnsRecord.Mx>().Select(record => record.Host).Where(host => host != ".").ToArray();
        if (hosts.Length > MaxNames)
        {
            return Match.Broken(SpfResult.PermError, $"{domain} has more than {MaxNames} exchangers");
        }

        foreach (var host in hosts)
        {
            if (await AddressAsync(term, host, stop).ConfigureAwait(false) is var match && (match.IsMatch || match.Fault is not null))
            {
                return match;
            }
        }

        return Match.No;
    }

    // Null where the answer can be looked at. RFC 7208 §4.6.4: two look-ups may find nothing.
    private Match? Fault(DnsAnswer answer, string name) => answer.Status switch
    {
        LookupStatus.Failed => Match.Broken(SpfResult.TempError, $"no answer about {name}"),
        LookupStatus.NoData or LookupStatus.NoSuchDomain when ++_voids > MaxVoids => Match.Broken(SpfResult.PermError, $"more than {MaxVoids} look-ups that find nothing, the last for {name}"),
        _ => null,
    };

    // The names of the address that lead back to it. §5.5: an error is no match.
    private async ValueTask<IReadOnlyList<string>> NamesAsync(CancellationToken stop)
    {
        var answer = await dns.AskAsync(ReverseName.Of(query.Address).Name, RecordType.Ptr, stop).ConfigureAwait(false);
        var names = new List<string>();
        foreach (var record in answer.Records.OfType<DnsRecord.Name>().Take(MaxNames))
        {
            var name = record.Target.TrimEnd('.').ToLowerInvariant();
            var back = await dns.AskAsync(name, AddressType, stop).ConfigureAwait(false);
            if (back.Records.OfType<DnsRecord.Address>().Any(address => address.Value.Equals(query.Address)))
            {
                names.Add(name);
            }
        }

        return names;
    }

    private static bool IsAtOrBelow(string name, string domain) =>
        name.EndsWith(domain, StringComparison.OrdinalIgnoreCase) && (name.Length == domain.Length || name[^(domain.Length + 1)] == '.');

    private async ValueTask<string?> ExpandAsync(string spec, string domain, CancellationToken stop) =>
        SpfMacro.ExpandDomain(spec, await LettersAsync(spec, domain, stop).ConfigureAwait(false));

    private async ValueTask<SpfLetters> LettersAsync(string text, string domain, CancellationToken stop)
    {
        var name = SpfMacro.AsksForName(text) ? await NameAsync(domain, stop).ConfigureAwait(false) : "unknown";
        return new SpfLetters(query, domain, name, now);
    }

    // §7.3: the domain itself, else one below it, else any.
    private async ValueTask<string> NameAsync(string domain, CancellationToken stop)
    {
        var names = await NamesAsync(stop).ConfigureAwait(false);
        return names.FirstOrDefault(name => name.Equals(domain, StringComparison.OrdinalIgnoreCase))
            ?? names.FirstOrDefault(name => IsAtOrBelow(name, domain))
            ?? (names.Count > 0 ? names[0] : "unknown");
    }

    // §6.2: whatever goes wrong, there is none.
    private async ValueTask<string?> ExplainAsync(string spec, string domain, CancellationToken stop)
    {
        if (await ExpandAsync(spec, domain, stop).ConfigureAwait(false) is not { } target)
        {
            return null;
        }

        var answer = await dns.AskAsync(target, RecordType.Txt, stop).ConfigureAwait(false);
        return answer.Records is [DnsRecord.Text { Value: var text }]
            ? SpfMacro.Expand(text, await LettersAsync(text, domain, stop).ConfigureAwait(false), forExplanation: true)
            : null;
    }
}
