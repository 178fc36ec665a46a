using Engine.Mail;

namespace Engine.Reports.Tls;

/// <summary>
/// Counts what TLS came to, by day of UTC, policy domain and policy, until it is reported. Thread-safe; for a domain and detail that is known it allocates
/// nothing and holds that domain's lock for one look-up. RFC 8460 §4.
/// </summary>
/// <param name="isOn">Key <c>delivery.tls.report</c>; where false nothing is kept.</param>
/// <param name="meter">Counts every session.</param>
/// <param name="clock">The day.</param>
internal sealed class TlsReportBook(Func<bool> isOn, TlsReportMeter meter, TimeProvider clock) : ITlsResults
{
    private readonly Lock _turning = new();
    private TlsDay[] _days = [];
    private long _version;

    /// <summary>Grows with every change; what was saved under the same number need not be saved again.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>The days that are kept, the oldest first; the last may be today.</summary>
    public IReadOnlyList<TlsDay> Days => Volatile.Read(ref _days);

    public DateOnly Today => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    public void Record(in TlsResult result)
    {
        meter.Session(result.Policy, result.Failure);
        if (result.Domain.IsEmpty || !isOn())
        {
            return;
        }

        var days = Volatile.Read(ref _days);
        var today = Today;

        // A clock that was set back counts for the day that was begun.
        var day = days.Length > 0 && days[^1].Date >= today ? days[^1] : Open(today);
        day.Add(result);
        Interlocked.Increment(ref _version);
    }

    public TlsDay? Find(DateOnly date) => Array.Find(Volatile.Read(ref _days), day => day.Date == date);

    /// <summary>A day to put counts of before into.</summary>
    public TlsDay Open(DateOnly date)
    {
        lock (_turning)
        {
            if (Find(date) is { } known)
            {
                return known;
            }

            var made = new TlsDay(date);
            Volatile.Write(ref _days, [.. _days.Append(made).OrderBy(day => day.Date)]);
            return made;
        }
    }

    /// <summary>Forgets a domain that has been reported, or need not be; the day goes with its last one.</summary>
    public void Drop(DateOnly date, DomainName domain)
    {
        lock (_turning)
        {
            if (Find(date) is { } day && day.Drop(domain) && date < Today && !day.Domains.Any())
            {
                Volatile.Write(ref _days, [.. _days.Where(one => one != day)]);
            }
        }

        Interlocked.Increment(ref _version);
    }

    /// <summary>Forgets whole days: it is too late to report them.</summary>
    public void DropBefore(DateOnly date)
    {
        lock (_turning)
        {
            Volatile.Write(ref _days, [.. _days.Where(day => day.Date >= date)]);
        }

        Interlocked.Increment(ref _version);
    }
}
