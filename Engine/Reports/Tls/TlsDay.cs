using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Engine.Mail;

namespace Engine.Reports.Tls;

/// <summary>What was counted in one day of UTC. Thread-safe.</summary>
internal sealed class TlsDay(DateOnly date)
{
    /// <summary>Domains counted in a day, some 300 octets each without failures. Others are not reported.</summary>
    public const int MaxDomains = 50_000;

    /// <summary>
    /// Characters of policies and failures kept of a day, over all domains; 80 for each kind of failure beside. Then policies are counted without their lines, and failures
    /// by their type alone: what strangers publish and answer must fill neither the memory nor what is written every ten seconds.
    /// </summary>
    public const int MaxText = 8 << 20;

    private readonly ConcurrentDictionary<DomainName, TlsDomainTally> _domains = new();
    private int _count;
    private long _text;
    private long _passedOver;

    public DateOnly Date => date;

    /// <summary>Characters kept, of <see cref="MaxText"/>.</summary>
    public long Text => Volatile.Read(ref _text);

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
        else if (tally.Add(result, Volatile.Read(ref _text) < MaxText) is > 0 and var size)
        {
            Interlocked.Add(ref _text, size);
        }
    }

    public void Restore(DomainName domain, IEnumerable<TlsPolicyCounts> policies)
    {
        if (TryFind(domain, out var tally))
        {
            foreach (var policy in policies)
            {
                Interlocked.Add(ref _text, tally.Restore(policy));
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
