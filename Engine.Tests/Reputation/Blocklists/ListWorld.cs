using Engine.Configuration;
using Engine.Reputation.Blocklists;

namespace Engine.Tests.Reputation.Blocklists;

/// <summary>Lists in virtual time: the machine asks, the script answers at once, hours pass in milliseconds.</summary>
internal sealed class ListWorld
{
    private readonly Func<Blocklist, string, DateTimeOffset, ListAnswer> _script;
    private readonly HashSet<ListSubject> _subjects;
    private readonly Dictionary<string, string> _addresses;

    public ListWorld(IReadOnlyList<Blocklist> lists, int sources, Func<Blocklist, string, DateTimeOffset, ListAnswer>? script = null, BlocklistOptions? options = null)
    {
        _script = script ?? ((_, _, _) => ListAnswer.Silence);
        _subjects = [.. Enumerable.Range(1, sources).Select(SampleLists.Source)];
        _addresses = _subjects.ToDictionary(subject => subject.Source, subject => subject.Target);
        options ??= new BlocklistOptions();
        Watch = new BlocklistWatch(options);
        Watch.Load(options, lists, [[.. _addresses.Keys]], Now);
        Watch.Follow(_subjects, _addresses, Now);
    }

    public BlocklistWatch Watch { get; }

    public DateTimeOffset Now { get; private set; } = SampleLists.Start;

    public List<ListingChange> Changes { get; } = [];

    public int Asked { get; private set; }

    /// <summary>The first change of a kind, in seconds since the start; null when there was none.</summary>
    public double? At(ListingChangeKind kind) => (Changes.Find(change => change.Kind == kind)?.At - SampleLists.Start)?.TotalSeconds;

    public string Shares() => string.Join(", ", Watch.Book.Standings().OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => FormattableString.Invariant($"{one.Key} {one.Value[0].Share}")));

    public void Run(TimeSpan span)
    {
        var end = Now + span;
        while (Watch.NextAt() is { } next && next <= end)
        {
            Now = next > Now ? next : Now;
            Watch.Decide(Now);
            while (Watch.Next(Now) is { } errand)
            {
                Answer(errand);
            }

            Changes.AddRange(Watch.TakeChanges());
        }

        Now = end;
    }

    /// <summary>The same with the answers of a real server: virtual time stands still while it is asked.</summary>
    public async Task RunAsync(TimeSpan span, ListAsker asker, CancellationToken stop)
    {
        var end = Now + span;
        while (Watch.NextAt() is { } next && next <= end)
        {
            Now = next > Now ? next : Now;
            Watch.Decide(Now);
            while (Watch.Next(Now) is { } errand)
            {
                Asked++;
                if (errand.Check is { } check)
                {
                    Watch.Take(check, await asker.AskAsync(check.List, check.Subject.Target, stop), Now);
                }
                else
                {
                    var (mustList, mustNotList) = await asker.TestAsync(errand.Test!.List, stop);
                    Watch.Take(errand.Test, mustList, mustNotList, Now);
                }
            }

            Changes.AddRange(Watch.TakeChanges());
        }

        Now = end;
    }

    private void Answer(Errand errand)
    {
        Asked++;
        if (errand.Check is { } check)
        {
            Watch.Take(check, _script(check.List, check.Subject.Target, Now), Now);
            return;
        }

        var test = errand.Test!;
        ListAnswer? mustList = test.List.MustList is { } listed ? _script(test.List, listed, Now) : null;
        Watch.Take(test, mustList, _script(test.List, test.List.MustNotList, Now), Now);
    }
}
