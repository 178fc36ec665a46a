using Engine.Dns;
using Engine.Mail;

namespace Engine.Preflight;

/// <summary>
/// The records one check sees: asked past our cache, so that what was just published counts, each question once. Bounded: beyond its questions or 60 s there are no
/// more answers, whatever a hostile zone leads to. One check; not thread-safe.
/// </summary>
/// <param name="dns">Over the resolvers of <c>dns.servers</c>.</param>
/// <param name="clock">Measures the 60 s.</param>
/// <param name="sources">Addresses that are evaluated: each may need questions of its own.</param>
internal sealed class CheckedRecords(DnsClient dns, TimeProvider clock, int sources) : IDnsRecords
{
    /// <summary>Questions of one check: SPF may ask about 120 for one source, and most of them are the same for all.</summary>
    public const int MaxQuestions = 300;

    /// <summary>Questions more for each source, for macros that name it and for its own names.</summary>
    public const int MoreForSource = 20;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly DnsAnswer Absent = new(LookupStatus.NoSuchDomain, [], IsAuthentic: false, default);
    private static readonly DnsAnswer Refused = new(LookupStatus.Failed, [], IsAuthentic: false, default);

    private readonly Dictionary<(DomainName Name, RecordType Type), DnsAnswer> _known = [];
    private readonly long _begun = clock.GetTimestamp();

    /// <summary>Questions asked.</summary>
    public int Questions { get; private set; }

    public async ValueTask<DnsAnswer> AskAsync(string name, RecordType type, CancellationToken stop)
    {
        if (!DomainName.TryParse(name, out var domain))
        {
            return Absent;
        }

        if (_known.TryGetValue((domain, type), out var known))
        {
            return known;
        }

        if (Questions >= MaxQuestions + (sources * MoreForSource) || clock.GetElapsedTime(_begun) > Limit)
        {
            return Refused;
        }

        Questions++;
        var answer = await dns.AskPastCacheAsync(domain, type, stop).ConfigureAwait(false);
        _known.Add((domain, type), answer);
        return answer;
    }
}
