using System.Collections.Concurrent;
using System.Net;
using Engine.Mail;

namespace Engine.Reputation.Blocklists;

/// <summary>Which sources and sending domains have sent lately. Thread-safe; a domain or source already known costs two look-ups and allocates nothing.</summary>
internal sealed class ActiveSenders(TimeProvider clock)
{
    /// <summary>How long one counts as active.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromHours(1);

    /// <summary>Domains kept; beyond it new ones are passed over until others fall idle. 100 000 domains in 30 minutes are 55 questions a second for each zone.</summary>
    public const int MaxDomains = 100_000;

    // Writing a shared line for each message would cost more than it tells.
    private static readonly TimeSpan Grain = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Stamp> _sources = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<DomainName, Stamp> _domains = new();
    private int _domainCount;

    /// <summary>Called for each attempt that reached a server.</summary>
    /// <param name="source">Name of the source.</param>
    /// <param name="address">What receivers see; null for the default source: then lists cannot be asked.</param>
    /// <param name="senderDomain">Domain of the From header; default for none.</param>
    public void Sent(string source, IPAddress? address, DomainName senderDomain)
    {
        var now = clock.GetUtcNow().UtcTicks;
        if (address is not null)
        {
            Touch(_sources, source, now).Address = address;
        }

        if (!senderDomain.IsEmpty && (_domains.ContainsKey(senderDomain) || _domainCount < MaxDomains))
        {
            Touch(_domains, senderDomain, now);
        }
    }

    /// <summary>Everybody active in the last hour. Forgets the others. One caller at a time.</summary>
    public HashSet<ListSubject> Recent()
    {
        var oldest = (clock.GetUtcNow() - Window).UtcTicks;
        Forget(_sources, oldest);
        Forget(_domains, oldest);
        _domainCount = _domains.Count;
        return
        [
            .. _sources.Select(source => ListSubject.Of(source.Key, source.Value.Address!)),
            .. _domains.SelectMany(domain => NamesOf(domain.Key)).Select(ListSubject.Of),
        ];
    }

    /// <summary>
    /// The names lists are asked for: the domain and its parents down to two labels, the last three of them. The organizational domain is among
    /// them without a list of public suffixes; a public suffix asked in vain costs a question.
    /// </summary>
    public static IEnumerable<DomainName> NamesOf(DomainName domain)
    {
        var labels = domain.Name.Split('.');
        var first = Math.Max(0, labels.Length - 4);
        return labels.Length < 2 ? [domain] : Enumerable.Range(first, labels.Length - 1 - first).Select(at => DomainName.Parse(string.Join('.', labels[at..])));
    }

    private static Stamp Touch<TKey>(ConcurrentDictionary<TKey, Stamp> stamps, TKey key, long now)
        where TKey : notnull
    {
        var stamp = stamps.TryGetValue(key, out var known) ? known : stamps.GetOrAdd(key, static _ => new Stamp());
        if (now - stamp.At > Grain.Ticks)
        {
            stamp.At = now;
        }

        return stamp;
    }

    private static void Forget<TKey>(ConcurrentDictionary<TKey, Stamp> stamps, long oldest)
        where TKey : notnull
    {
        foreach (var idle in stamps.Where(stamp => stamp.Value.At < oldest))
        {
            stamps.TryRemove(idle);
        }
    }

    private sealed class Stamp
    {
        private long _at;
        private IPAddress? _address;

        public long At
        {
            get => Volatile.Read(ref _at);
            set => Volatile.Write(ref _at, value);
        }

        public IPAddress? Address
        {
            get => Volatile.Read(ref _address);
            set
            {
                if (!ReferenceEquals(_address, value))
                {
                    Volatile.Write(ref _address, value);
                }
            }
        }
    }
}
