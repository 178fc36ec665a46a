using System.Collections.Concurrent;

namespace Engine.Delivery.Smtp;

/// <summary>Remembers per exchanger which of its offers misbehave, for a while. Thread-safe.</summary>
/// <remarks>
/// Proof (a reply that cannot be) counts at once. A mere loss of the connection counts at the third in a row: networks break too,
/// and an hour of one command at a time is dear at a host that takes most of the mail.
/// </remarks>
/// <param name="clock">Measures the span.</param>
/// <param name="span">How long a fault is believed; it is tried again after. 1 h is a good value.</param>
/// <param name="capacity">Hosts remembered; beyond it, expired ones go, and then new ones are not remembered.</param>
internal sealed class HostMemory(TimeProvider clock, TimeSpan span, int capacity = 10_000)
{
    private const int StrikesToBelieve = 3;

    private readonly ConcurrentDictionary<string, Entry> _hosts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The faults believed now.</summary>
    public HostFaults Look(string host) =>
        _hosts.TryGetValue(host, out var entry) && entry.Until > clock.GetUtcNow() ? entry.Believed : HostFaults.None;

    /// <summary>True when losses were counted that are not yet believed: the next success should <see cref="Clear"/> them.</summary>
    public bool IsSuspected(string host) => _hosts.TryGetValue(host, out var entry) && entry.Strikes > 0;

    /// <summary>The host's replies proved it.</summary>
    public void Learn(string host, HostFaults faults) => Update(host, faults, isProof: true);

    /// <summary>The connection was lost while the host was being taken up on this.</summary>
    public void Suspect(string host, HostFaults faults) => Update(host, faults, isProof: false);

    /// <summary>A transaction went well: losses before were the network's.</summary>
    public void Clear(string host)
    {
        if (_hosts.TryGetValue(host, out var entry))
        {
            _hosts.TryUpdate(host, entry with { Strikes = 0, Suspected = HostFaults.None }, entry);
        }
    }

    private void Update(string host, HostFaults faults, bool isProof)
    {
        if (faults is HostFaults.None || (!_hosts.ContainsKey(host) && !TryMakeRoom()))
        {
            return;
        }

        var now = clock.GetUtcNow();
        _hosts.AddOrUpdate(
            host,
            static (_, change) => default(Entry).After(change.faults, change.isProof, change.now, change.span),
            static (_, entry, change) => entry.After(change.faults, change.isProof, change.now, change.span),
            (faults, isProof, now, span));
    }

    private bool TryMakeRoom()
    {
        if (_hosts.Count < capacity)
        {
            return true;
        }

        var now = clock.GetUtcNow();
        foreach (var (host, entry) in _hosts)
        {
            if (entry.Until <= now)
            {
                _hosts.TryRemove(host, out _);
            }
        }

        return _hosts.Count < capacity;
    }

    private readonly record struct Entry(HostFaults Believed, HostFaults Suspected, int Strikes, DateTimeOffset Until)
    {
        public Entry After(HostFaults faults, bool isProof, DateTimeOffset now, TimeSpan span)
        {
            var believed = Until > now ? Believed : HostFaults.None;
            var (suspected, strikes) = Until > now ? (Suspected, Strikes) : (HostFaults.None, 0);
            if (isProof)
            {
                return new Entry(believed | faults, suspected, strikes, now + span);
            }

            return strikes + 1 < StrikesToBelieve
                ? new Entry(believed, suspected | faults, strikes + 1, believed is HostFaults.None ? now + span : Until)
                : new Entry(believed | suspected | faults, HostFaults.None, 0, now + span);
        }
    }
}
