namespace Engine.Queue.Spool;

/// <summary>Which sequence numbers were met, as runs: a handful in a sound log, one more for each gap or misplaced piece.</summary>
internal sealed class SequenceRanges
{
    private readonly List<(ulong From, ulong Until)> _runs = [];
    private int _last;

    /// <summary>Runs in ascending order; <c>Until</c> is the number after the last.</summary>
    public IReadOnlyList<(ulong From, ulong Until)> Runs => _runs;

    /// <summary>False when the number was met before.</summary>
    public bool Add(ulong number)
    {
        if (_last < _runs.Count && _runs[_last].Until == number && (_last + 1 == _runs.Count || number < _runs[_last + 1].From))
        {
            _runs[_last] = (_runs[_last].From, number + 1);
            return true;
        }

        return AddElsewhere(number);
    }

    /// <summary>Numbers of a range that were not met.</summary>
    public IEnumerable<(ulong From, ulong Until)> Missing(ulong from, ulong until)
    {
        foreach (var run in _runs)
        {
            if (run.From > from && from < until)
            {
                yield return (from, Math.Min(run.From, until));
            }

            from = Math.Max(from, run.Until);
        }

        if (from < until)
        {
            yield return (from, until);
        }
    }

    private bool AddElsewhere(ulong number)
    {
        var at = 0;
        while (at < _runs.Count && _runs[at].Until < number)
        {
            at++;
        }

        if (at < _runs.Count && number >= _runs[at].From && number < _runs[at].Until)
        {
            return false;
        }

        if (at < _runs.Count && _runs[at].Until == number)
        {
            if (at + 1 < _runs.Count && _runs[at + 1].From == number)
            {
                return false;
            }

            _runs[at] = (_runs[at].From, number + 1);
        }
        else
        {
            _runs.Insert(at, (number, number + 1));
        }

        _last = at;
        return true;
    }
}
