using Engine.Mail;

namespace Engine.Reports.Tls;

/// <summary>Knows which report is due when. No I/O, no clock; one loop.</summary>
/// <remarks>
/// A report is due some time within four hours after its day. What did not get through is tried again after 15 minutes, twice as long each time, at most
/// four hours, until 24 h after the day.
/// </remarks>
internal sealed class TlsReportPlan
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(4);

    private readonly PriorityQueue<TlsReportErrand, DateTimeOffset> _waiting = new();
    private readonly HashSet<(DateOnly Day, DomainName Domain)> _known = [];

    /// <summary>When the next one is due; the end of time when none waits.</summary>
    public DateTimeOffset NextAt => _waiting.TryPeek(out _, out var at) ? at : DateTimeOffset.MaxValue;

    public int Waiting => _waiting.Count;

    /// <summary>Takes a domain up, once a day.</summary>
    /// <returns>False when it is known already.</returns>
    public bool Add(DateOnly day, DomainName domain, DateTimeOffset at)
    {
        if (!_known.Add((day, domain)))
        {
            return false;
        }

        _waiting.Enqueue(new TlsReportErrand(day, domain), at);
        return true;
    }

    /// <summary>The next one that is due; null for none.</summary>
    public TlsReportErrand? Take(DateTimeOffset now) => NextAt <= now ? _waiting.Dequeue() : null;

    /// <summary>Puts one back whose last try failed.</summary>
    /// <returns>False when its time is over: it is given up.</returns>
    public bool Again(TlsReportErrand errand, DateTimeOffset now)
    {
        var pause = FirstPause * Math.Pow(2, Math.Min(errand.Tries++, 10));
        var at = now + (pause < LongestPause ? pause : LongestPause);
        if (at > errand.Deadline)
        {
            return false;
        }

        _waiting.Enqueue(errand, at);
        return true;
    }

    /// <summary>Forgets which domains were taken up for days before.</summary>
    public void Forget(DateOnly before) => _known.RemoveWhere(one => one.Day < before);

    /// <summary>True when a report about that day waits.</summary>
    public bool Has(DateOnly day) => _waiting.UnorderedItems.Any(one => one.Element.Day == day);
}
