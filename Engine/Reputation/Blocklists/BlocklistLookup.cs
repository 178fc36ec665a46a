using System.Collections.Concurrent;
using System.Net;
using Engine.Mail;

namespace Engine.Reputation.Blocklists;

/// <summary>Asks every list about a target once, for an operator; a list that says listed is tested at once, and its reason asked.</summary>
internal sealed class BlocklistLookup(ListAsker asker, TimeProvider clock)
{
    /// <param name="target">An address, or a domain with its parents.</param>
    /// <param name="lists">Those asked.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>Listed first, then what went wrong, then the rest; each in order of zone.</returns>
    /// <exception cref="FormatException">It is neither address nor domain.</exception>
    public async Task<IReadOnlyList<LookupRow>> AskAsync(string target, IReadOnlyList<Blocklist> lists, CancellationToken stop)
    {
        var questions = lists.SelectMany(list => TargetsOf(target, list).Select(one => (List: list, Target: one))).ToList();
        var rows = new ConcurrentBag<LookupRow>();
        await System.Threading.Tasks.Parallel.ForEachAsync(
            questions,
            new ParallelOptions { MaxDegreeOfParallelism = BlocklistChecker.Parallel, CancellationToken = stop },
            async (question, stop) => rows.Add(await AskAsync(question.List, question.Target, stop).ConfigureAwait(false))).ConfigureAwait(false);
        return [.. rows.OrderBy(row => Rank(row.Answer.Verdict)).ThenBy(row => row.List.Weight).ThenBy(row => row.List.Zone, StringComparer.Ordinal).ThenBy(row => row.Target, StringComparer.Ordinal)];
    }

    private static IEnumerable<string> TargetsOf(string target, Blocklist list)
    {
        if (IPAddress.TryParse(target, out var address))
        {
            return list.IsFor(address) ? [address.ToString()] : [];
        }

        return list.Kind is ListKind.Domain ? ActiveSenders.NamesOf(DomainName.Parse(target)).Select(name => name.Name) : [];
    }

    private static int Rank(ListVerdict verdict) => verdict switch
    {
        ListVerdict.Listed => 0,
        ListVerdict.Refused or ListVerdict.Foreign or ListVerdict.NoAnswer => 1,
        ListVerdict.Other => 2,
        _ => 3,
    };

    private async Task<LookupRow> AskAsync(Blocklist list, string target, CancellationToken stop)
    {
        var started = clock.GetTimestamp();
        var answer = await asker.AskAsync(list, target, stop).ConfigureAwait(false);
        var took = clock.GetElapsedTime(started);
        if (answer.Verdict is not ListVerdict.Listed)
        {
            return new LookupRow(list, target, answer, ZoneHealth.Untested, string.Empty, took);
        }

        var reason = asker.ReasonAsync(list, target, stop);
        var (mustList, mustNotList) = await asker.TestAsync(list, stop).ConfigureAwait(false);
        return new LookupRow(list, target, answer, SelfTest.Judge(mustList, mustNotList), await reason.ConfigureAwait(false), took);
    }
}
