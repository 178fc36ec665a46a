namespace Engine.Reputation.Blocklists;

/// <summary>When which list is asked about whom. Pure; not thread-safe. A check in steady state allocates nothing.</summary>
/// <remarks>
/// Each check has its own place within its interval. The places follow the golden ratio, so that any number of them is spread evenly
/// at any time, and none moves when others come or go (300 sources × 20 zones in 45 s are 133 questions a second, never a burst).
/// </remarks>
/// <param name="major">Interval of a major zone about a source.</param>
/// <param name="minor">Interval of everything else.</param>
internal sealed class CheckPlan(TimeSpan major, TimeSpan minor)
{
    // (√5 − 1) / 2 as a fraction of 2^64.
    private const ulong GoldenStep = 0x9E37_79B9_7F4A_7C15;

    private static readonly TimeSpan Lately = TimeSpan.FromSeconds(5);

    private readonly PriorityQueue<Check, long> _due = new();
    private readonly Dictionary<ListSubject, Check[]> _checks = [];
    private ulong _majorPlace;
    private ulong _minorPlace;

    public int Count { get; private set; }

    public IEnumerable<ListSubject> Subjects => _checks.Keys;

    /// <summary>Questions a second that the plan asks for.</summary>
    public double Rate => _checks.Values.SelectMany(checks => checks).Sum(check => (double)TimeSpan.TicksPerSecond / check.Interval);

    /// <summary>Kinds of lists that are asked.</summary>
    public IEnumerable<ListKind> Kinds => _checks.Values.SelectMany(checks => checks).Select(check => check.List.Kind).Distinct();

    /// <summary>Plans a subject's checks, the first of each within its interval.</summary>
    public void Add(ListSubject subject, IReadOnlyList<Blocklist> lists, DateTimeOffset now)
    {
        if (_checks.ContainsKey(subject))
        {
            return;
        }

        var checks = lists.Where(subject.Asks).Select(list => Make(subject, list)).ToArray();
        _checks.Add(subject, checks);
        Count += checks.Length;
        foreach (var check in checks)
        {
            Enqueue(check, check.After(now.UtcTicks));
        }
    }

    public void Remove(ListSubject subject)
    {
        if (_checks.Remove(subject, out var checks))
        {
            Count -= checks.Length;
            Array.ForEach(checks, check => check.IsRemoved = true);
        }
    }

    /// <summary>Takes what is due; give it back with <see cref="Done"/>.</summary>
    public Check? TakeDue(DateTimeOffset now)
    {
        Drop();
        if (!_due.TryPeek(out var check, out var due) || due > now.UtcTicks)
        {
            return null;
        }

        _due.Dequeue();
        check.IsOut = true;
        return check;
    }

    /// <summary>When the next is due; null when there is none but those that are out.</summary>
    public DateTimeOffset? NextAt()
    {
        Drop();
        return _due.TryPeek(out _, out var due) ? new DateTimeOffset(due, TimeSpan.Zero) : null;
    }

    /// <param name="check">As taken.</param>
    /// <param name="now">When its answer came.</param>
    /// <param name="again">Sooner than its turn; null for its turn.</param>
    public void Done(Check check, DateTimeOffset now, TimeSpan? again = null)
    {
        (check.IsOut, check.Answered) = (false, now.UtcTicks);
        if (check.IsRemoved)
        {
            return;
        }

        var due = check.After(now.UtcTicks);
        due = again is { } sooner ? Math.Min(due, now.UtcTicks + sooner.Ticks) : due;
        Enqueue(check, due);
    }

    /// <summary>Brings checks forward to now. One that is out is as good as asked; one answered in the last seconds waits for its turn: a storm of replies makes no storm of questions.</summary>
    /// <param name="subject">Whose.</param>
    /// <param name="zone">In which zone, as <see cref="Blocklist.Zone"/>; null for all.</param>
    /// <param name="now">The time.</param>
    public void Hurry(ListSubject subject, string? zone, DateTimeOffset now)
    {
        foreach (var check in _checks.GetValueOrDefault(subject, []).Where(check => zone is null || check.List.Zone == zone))
        {
            if (!check.IsOut && check.Due > now.UtcTicks && now.UtcTicks - check.Answered >= Lately.Ticks)
            {
                Enqueue(check, now.UtcTicks);
            }
        }
    }

    private Check Make(ListSubject subject, Blocklist list)
    {
        return list.Weight is ListWeight.Major && subject.IsSource
            ? new Check(subject, list, major.Ticks, Place(ref _majorPlace, major))
            : new Check(subject, list, minor.Ticks, Place(ref _minorPlace, minor));
    }

    private static long Place(ref ulong last, TimeSpan interval)
    {
        last = unchecked(last + GoldenStep);
        return (long)Math.BigMul(last, (ulong)interval.Ticks, out _);
    }

    private void Enqueue(Check check, long due)
    {
        check.Due = due;
        _due.Enqueue(check, due);
    }

    // Entries of removed checks, and of those that were brought forward.
    private void Drop()
    {
        while (_due.TryPeek(out var check, out var due) && (check.IsRemoved || check.IsOut || check.Due != due))
        {
            _due.Dequeue();
        }
    }
}
