using System.Collections.Concurrent;
using Engine.Mail;

namespace Engine.Routing;

/// <summary>
/// Gives equal sets of exchangers, with equal requirements of TLS, one number. Thread-safe. Sets not used for a day are dropped once there are many; those longest unused, however
/// short that is, once their texts are too long together: strangers write them.
/// </summary>
/// <param name="clock">Measures use.</param>
/// <param name="mostOctets">Octets of the texts of all sets and requirements, about.</param>
internal sealed class DestinationTable(TimeProvider clock, long mostOctets = DestinationTable.MostOctets)
{
    /// <summary>256 MiB: half a million usual sets; at their greatest length some ten thousand.</summary>
    public const long MostOctets = 268_435_456;

    private const int Many = 100_000;
    private static readonly TimeSpan Unused = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<string, Entry> _byKey = new();
    private readonly ConcurrentDictionary<DestinationId, Entry> _byId = new();
    private int _last;
    private readonly Lock _pruning = new();
    private int _pruneAt = Many;
    private long _octets;

    /// <summary>Sets known.</summary>
    public int Count => _byId.Count;

    /// <param name="name">Its name in limits and status.</param>
    /// <param name="provider">Id of the provider whose exchangers these are; null for none.</param>
    /// <param name="isByHosts">The provider's limits are kept for each group of its hosts.</param>
    /// <param name="hosts">By preference.</param>
    /// <param name="tls">What is asked of TLS; null for nothing.</param>
    public Destination Intern(string name, string? provider, bool isByHosts, IReadOnlyList<ExchangerHost> hosts, TlsRequirement? tls = null)
    {
        var set = string.Join(' ', hosts.Select(host => $"{host.Preference}:{host.Host}:{host.Port}"));
        var asked = tls ?? TlsRequirement.None;

        // What DNS names is not what an operator wrote, though they read the same.
        var key = $"{(hosts[0].IsWritten ? "route " : string.Empty)}{(asked.Key.Length == 0 ? set : $"{set}|{asked.Key}")}";
        var entry = _byKey.GetOrAdd(key, static (key, self) => self.Table.Add(key, self.Made), (Table: this, Made: new Destination(default, name, provider, hosts) { Set = set, Tls = asked }));
        entry.LastUsed = clock.GetTimestamp();
        var operatorName = provider is null ? OperatorName.OfSet(name, set, hosts.Count) : isByHosts ? OperatorName.OfHosts(provider, name) : provider;
        if (entry.Destination.Provider != provider || entry.Destination.Operator != operatorName)
        {
            // New, or the provider data was changed by a reload.
            entry.Destination = entry.Destination with { Provider = provider, Operator = operatorName };
        }

        if ((_byId.Count > Volatile.Read(ref _pruneAt) || Interlocked.Read(ref _octets) > mostOctets) && _pruning.TryEnter())
        {
            try
            {
                Prune();
            }
            finally
            {
                _pruning.Exit();
            }
        }

        return entry.Destination;
    }

    /// <summary>The destination of a relay: its number stays over reloads, and leads to the relay as last given.</summary>
    public Destination Intern(Relay relay)
    {
        var entry = _byKey.GetOrAdd(relay.Operator, static (key, self) => self.Table.Add(key, new Destination(default, key, null, [self.Relay.Host])), (Table: this, Relay: relay));
        entry.LastUsed = clock.GetTimestamp();
        if (entry.Destination.Relay != relay)
        {
            entry.Destination = entry.Destination with { Relay = relay, Hosts = [relay.Host] };
        }

        return entry.Destination;
    }

    /// <summary>Null when it was dropped: route the recipient again.</summary>
    public Destination? Find(DestinationId id)
    {
        if (!_byId.TryGetValue(id, out var entry))
        {
            return null;
        }

        entry.LastUsed = clock.GetTimestamp();
        return entry.Destination;
    }

    private Entry Add(string key, Destination made)
    {
        var entry = new Entry(made with { Id = new DestinationId(Interlocked.Increment(ref _last)) }, key);
        entry.LastUsed = clock.GetTimestamp();
        _byId[entry.Destination.Id] = entry;
        Interlocked.Add(ref _octets, entry.Octets);
        return entry;
    }

    private void Prune()
    {
        foreach (var (id, entry) in _byId)
        {
            if (clock.GetElapsedTime(entry.LastUsed) > Unused)
            {
                Drop(id, entry);
            }
        }

        if (Interlocked.Read(ref _octets) > mostOctets)
        {
            // A quarter more than must be, so that this is seldom.
            foreach (var (id, entry, _) in _byId.Select(static one => (one.Key, one.Value, one.Value.LastUsed)).OrderBy(static one => one.LastUsed).ToArray())
            {
                if (Interlocked.Read(ref _octets) <= mostOctets / 4 * 3)
                {
                    break;
                }

                Drop(id, entry);
            }
        }

        Volatile.Write(ref _pruneAt, Math.Max(Many, _byId.Count * 2));
    }

    private void Drop(DestinationId id, Entry entry)
    {
        _byKey.TryRemove(KeyValuePair.Create(entry.Key, entry));
        if (_byId.TryRemove(id, out _))
        {
            Interlocked.Add(ref _octets, -entry.Octets);
        }
    }

    private sealed class Entry(Destination destination, string key)
    {
        public Destination Destination
        {
            get => Volatile.Read(ref field);
            set => Volatile.Write(ref field, value);
        } = destination;

        public string Key { get; } = key;

        /// <summary>Two for a letter.</summary>
        public long Octets { get; } = 2L * (key.Length + destination.Set.Length + destination.Hosts.Sum(static host => host.Host.Length) + destination.Tls.MxPatterns.Sum(static pattern => pattern.Length));

        public long LastUsed { get; set; }
    }
}
