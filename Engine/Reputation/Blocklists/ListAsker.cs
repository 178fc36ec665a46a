using Engine.Configuration;
using Engine.Dns;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Reputation.Blocklists;

/// <summary>Puts questions to lists, past our own cache, and judges the answers. Thread-safe.</summary>
/// <param name="dns">Best one of its own (<see cref="ClientOf"/>).</param>
/// <param name="clock">The clock of <paramref name="dns"/>.</param>
internal sealed class ListAsker(DnsClient dns, TimeProvider clock)
{
    private const int LeastCache = 100;
    private const int MaxReason = 200;

    /// <summary>
    /// A client of its own over the same resolvers: slow lists take no place from the mail's questions and do not make its resolvers look
    /// silent, and names that hold a key are not logged. The caller disposes it.
    /// </summary>
    public static DnsClient ClientOf(DnsOptions options, TimeProvider clock, Random chance) =>
        new(options with { Cache = LeastCache }, clock, chance, NullLogger.Instance);

    public async Task<ListAnswer> AskAsync(Blocklist list, string target, CancellationToken stop)
    {
        if (!list.TryName(target, out var name))
        {
            return ListAnswer.Silence;
        }

        var answer = await dns.AskPastCacheAsync(name, RecordType.A, stop).ConfigureAwait(false);
        return list.Rules.Judge(answer, clock.GetUtcNow());
    }

    /// <summary>The two questions of the self-test.</summary>
    /// <returns>The answer for what must be listed (null when the list has no such entry), and for what must not.</returns>
    public async Task<(ListAnswer? MustList, ListAnswer MustNotList)> TestAsync(Blocklist list, CancellationToken stop)
    {
        var mustNotList = AskAsync(list, list.MustNotList, stop);
        ListAnswer? mustList = list.MustList is { } listed ? await AskAsync(list, listed, stop).ConfigureAwait(false) : null;
        return (mustList, await mustNotList.ConfigureAwait(false));
    }

    /// <summary>What the operator of the list says about a listing: TXT at the same name, RFC 5782 §2.1. At most 200 characters; empty for nothing.</summary>
    public async Task<string> ReasonAsync(Blocklist list, string target, CancellationToken stop)
    {
        if (!list.TryName(target, out var name))
        {
            return string.Empty;
        }

        var answer = await dns.AskPastCacheAsync(name, RecordType.Txt, stop).ConfigureAwait(false);
        var text = string.Join(' ', answer.Records.OfType<DnsRecord.Text>().Select(record => record.Value));
        return new string([.. text.Take(MaxReason).Select(letter => char.IsControl(letter) ? ' ' : letter)]);
    }
}
