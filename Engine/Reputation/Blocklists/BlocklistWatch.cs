using Engine.Configuration;

namespace Engine.Reputation.Blocklists;

/// <summary>
/// Everything that is decided about block lists: what is asked next, which lists count, who is listed, whose mail moves. It takes answers and a
/// time; it has no socket and no clock. Not thread-safe.
/// </summary>
internal sealed class BlocklistWatch
{
    /// <summary>Questions to one list at once, so that a slow one does not take every place.</summary>
    public const int MaxPerList = 8;

    /// <summary>From this many sources on, a list that names more than half of them is tested before it counts.</summary>
    public const int SurgeSources = 4;

    private static readonly TimeSpan Shortly = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Untested = TimeSpan.FromSeconds(5);

    // The first tests are spread, major lists first: nobody waits for the others.
    private static readonly TimeSpan MajorSpread = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MinorSpread = TimeSpan.FromMinutes(1);

    private readonly Dictionary<Blocklist, SelfTest> _tests = [];
    private readonly HashSet<SelfTest> _testing = [];
    private readonly Dictionary<Blocklist, int> _out = [];
    private readonly Dictionary<Blocklist, DateTimeOffset> _surges = [];
    private readonly List<ListingChange> _changes = [];
    private IReadOnlyList<Blocklist> _lists = [];
    private DateTimeOffset _lastAnswer = DateTimeOffset.MinValue;
    private HashSet<ListKind> _kinds = [];
    private int _sources;

    public BlocklistWatch(BlocklistOptions options)
    {
        Plan = new CheckPlan(options.Major, options.Minor);
        Book = new ListingBook(options);
    }

    public CheckPlan Plan { get; private set; }

    public ListingBook Book { get; private set; }

    public IReadOnlyCollection<SelfTest> Tests => _tests.Values;

    public IReadOnlyList<Blocklist> Lists => _lists;

    /// <summary>Takes a configuration, also the first. What is known of unchanged lists, and who is listed, stays; suspicions go.</summary>
    /// <param name="options">Intervals and what a listing does.</param>
    /// <param name="lists">What is asked.</param>
    /// <param name="pools">Names of the sources of each pool.</param>
    /// <param name="now">The time.</param>
    public void Load(BlocklistOptions options, IReadOnlyList<Blocklist> lists, IReadOnlyList<IReadOnlyList<string>> pools, DateTimeOffset now)
    {
        _changes.AddRange(Book.TakeChanges());
        var saved = ListingFile.Read(ListingFile.Write(Book.Listings), lists, now);
        var known = _tests.Values.ToDictionary(test => (test.List.Suffix, test.List.Kind));
        (Plan, Book, _lists) = (new CheckPlan(options.Major, options.Minor), new ListingBook(options), lists);
        Book.Load(options, pools);
        foreach (var listing in saved)
        {
            Book.Restore(listing);
        }

        _tests.Clear();
        _testing.Clear();
        _out.Clear();
        _surges.Clear();
        for (var index = 0; index < lists.Count; index++)
        {
            var list = lists[index];
            var spread = list.Weight is ListWeight.Major ? MajorSpread : MinorSpread;
            var test = new SelfTest(list, now + (spread * index / lists.Count));
            _tests.Add(list, known.TryGetValue((list.Suffix, list.Kind), out var before) ? test.After(before) : test);
        }
    }

    /// <summary>Plans for those who send, and for those who are listed although they are idle: they must be seen to come off the list.</summary>
    /// <param name="active">Who has sent in the last hour.</param>
    /// <param name="addresses">Present address of each source; a listing of another address is forgotten.</param>
    /// <param name="now">The time.</param>
    public void Follow(HashSet<ListSubject> active, IReadOnlyDictionary<string, string> addresses, DateTimeOffset now)
    {
        Book.Keep(listing => !listing.Subject.IsSource || addresses.GetValueOrDefault(listing.Subject.Source) == listing.Subject.Target);
        foreach (var idle in Plan.Subjects.Where(subject => !active.Contains(subject) && !Book.Knows(subject)).ToList())
        {
            Plan.Remove(idle);
        }

        foreach (var subject in active.Concat(Book.Listings.Select(listing => listing.Subject)))
        {
            Plan.Add(subject, _lists, now);
        }

        _sources = Plan.Subjects.Count(subject => subject.IsSource);
        _kinds = [.. Plan.Kinds];
        Book.Decide(now);
    }

    /// <summary>Brings a subject's checks forward to now, those just answered excepted. One that is new is planned: it has just sent.</summary>
    public void Hurry(ListSubject subject, string? zone, DateTimeOffset now)
    {
        Plan.Add(subject, _lists, now);
        Plan.Hurry(subject, zone, now);
    }

    /// <summary>What to ask now; null for nothing. A list is tested once it is to be asked about somebody.</summary>
    public Errand? Next(DateTimeOffset now)
    {
        foreach (var test in _tests.Values)
        {
            if (test.NextAt <= now && _kinds.Contains(test.List.Kind) && _testing.Add(test))
            {
                return new Errand(null, test);
            }
        }

        while (Plan.TakeDue(now) is { } check)
        {
            var test = _tests[check.List];
            var busy = _out.GetValueOrDefault(check.List);
            if (test.Counts && busy < MaxPerList)
            {
                _out[check.List] = busy + 1;
                return new Errand(check, null);
            }

            Plan.Done(check, now, test.Counts ? Shortly : test.Health is ZoneHealth.Untested ? Untested : null);
        }

        return null;
    }

    /// <summary>When there may be something to ask or decide; null when only an answer or a new sender can bring it.</summary>
    public DateTimeOffset? NextAt()
    {
        var test = _tests.Values.Where(test => _kinds.Contains(test.List.Kind) && !_testing.Contains(test)).Min(test => (DateTimeOffset?)test.NextAt);
        return Earliest(Earliest(test, Plan.NextAt()), Book.NextAt());
    }

    /// <summary>Takes the answer to a check. One that was taken before a <see cref="Load"/> is passed over.</summary>
    public void Take(Check check, ListAnswer answer, DateTimeOffset now)
    {
        if (!_tests.TryGetValue(check.List, out var test))
        {
            return;
        }

        _out[check.List] = Math.Max(0, _out.GetValueOrDefault(check.List) - 1);
        Heard(answer, now);
        if (check.IsRemoved)
        {
            return;
        }

        test.Note(answer, now);
        var isTrusted = answer.Verdict is not ListVerdict.Listed || IsTrusted(test, check.Subject, now);
        Plan.Done(check, now, test.Counts ? Book.Take(check.Subject, check.List, answer, now, isTrusted) : null);
        Book.Decide(now);
    }

    /// <summary>Takes the answers to a self-test.</summary>
    /// <inheritdoc cref="SelfTest.Take"/>
    public void Take(SelfTest test, ListAnswer? mustList, ListAnswer mustNotList, DateTimeOffset now)
    {
        if (!_testing.Remove(test))
        {
            return;
        }

        Heard(mustNotList, now);
        var before = test.Health;
        if (!test.Take(mustList, mustNotList, now, _lastAnswer))
        {
            return;
        }

        if (!test.Counts)
        {
            var reason = Reason(test);
            _changes.Add(new ListingChange(ListingChangeKind.ZoneSuspended, now, test.List) { Reason = reason, Meaning = test.Seen });
            if (test.Health is ZoneHealth.Wildcard or ZoneHealth.Empty or ZoneHealth.Foreign)
            {
                Book.Void(test.List, reason, now);
                Book.Decide(now);
            }
        }
        else if (before is not ZoneHealth.Untested)
        {
            _changes.Add(new ListingChange(ListingChangeKind.ZoneRestored, now, test.List));
        }
    }

    /// <summary>Lets time pass.</summary>
    public void Decide(DateTimeOffset now) => Book.Decide(now);

    /// <summary>Changes since the last call, in order.</summary>
    public IReadOnlyList<ListingChange> TakeChanges()
    {
        _changes.AddRange(Book.TakeChanges());
        ListingChange[] changes = [.. _changes];
        _changes.Clear();
        return changes;
    }

    private static DateTimeOffset? Earliest(DateTimeOffset? left, DateTimeOffset? right) => left is null || right < left ? right : left;

    private static string Reason(SelfTest test) => test.Health switch
    {
        ZoneHealth.Silent => "it does not answer",
        ZoneHealth.Empty => $"{test.List.MustList} must be listed and is not: the list is empty or does not follow RFC 5782 §5",
        ZoneHealth.Wildcard => $"{test.List.MustNotList} must not be listed and is ({test.Seen}): it lists everything",
        ZoneHealth.Refused => $"it refuses our resolver ({test.Seen}); access: {test.List.Access}",
        _ => $"it answers {test.Seen}, outside 127.0.0.0/8: the zone is parked or the resolver lies",
    };

    private void Heard(ListAnswer answer, DateTimeOffset now) => _lastAnswer = answer.Verdict is ListVerdict.NoAnswer ? _lastAnswer : now;

    // A list that names most of our sources at once is either very bad news or broken: it is tested before it counts.
    private bool IsTrusted(SelfTest test, ListSubject subject, DateTimeOffset now)
    {
        if (!subject.IsSource || _sources < SurgeSources || Book.CountWith(test.List, subject) * 2 <= _sources)
        {
            _surges.Remove(test.List);
            return true;
        }

        if (_surges.TryAdd(test.List, now))
        {
            test.Hurry(now);
        }

        return test.PassedAt >= _surges[test.List];
    }
}
