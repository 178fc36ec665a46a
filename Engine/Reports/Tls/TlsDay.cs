using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Engine.Mail;

namespace Engine.Reports.Tls;

/// <summary>What was counted in one day of UTC. Thread-safe.</summary>
internal sealed class TlsDay(DateOnly date)
{
    /// <summary>Domains counted in a day, some 300 octets each without failures. Others are not reported.</summary>
    public const int MaxDomains = 50_000;

    /// <summary>Kinds of failure kept apart over all domains.</summary>
    public const int MaxDetails = 100_000;

    private readonly ConcurrentDictionary<DomainName, TlsDomainTally> _domains = new();
    private int _count;
    private int _details;
    private long _passedOver;

    public DateOnly Date => date;

    /// <summary>Sessions that were not counted because there are too many domains.</summary>
    public long PassedOver => Volatile.Read(ref _passedOver);

    public IEnumerable<DomainName> Domains => _domains.Select(one => one.Key);

    public bool Has(DomainName domain) => _domains.ContainsKey(domain);

    public void Add(in TlsResult result)
    {
        if (!TryFind(result.Domain, out var tally))
        {
            Interlocked.Increment(ref _passedOver);
        }
        else if (tally.Add(result, Volatile.Read(ref _details) < MaxDetails))
        {
            Interlocked.Increment(ref _details);
        }
    }

    public void Restore(DomainName domain, IEnumerable<TlsPolicyCounts> policies)
    {
        if (TryFind(domain, out var tally))
        {
            foreach (var policy in policies)
            {
                tally.Restore(policy);
                Interlocked.Add(ref _details, policy.Failures.Count);
            }
        }
    }

    /// <summary>Empty for a domain without sessions.</summary>
    public IReadOnlyList<TlsPolicyCounts> CountsOf(DomainName domain) => _domains.TryGetValue(domain, out var tally) ? tally.Counts() : [];

    public bool Drop(DomainName domain) => _domains.TryRemove(domain, out _);

    private bool TryFind(DomainName domain, [NotNullWhen(true)] out TlsDomainTally? tally)
    {
        if (_domains.TryGetValue(domain, out tally))
        {
            return true;
        }

        if (Volatile.Read(ref _count) >= MaxDomains)
        {
            return false;
        }

        var made = new TlsDomainTally();
        tally = _domains.GetOrAdd(domain, made);
        if (ReferenceEquals(tally, made))
        {
            Interlocked.Increment(ref _count);
        }

        return true;
    }
}
