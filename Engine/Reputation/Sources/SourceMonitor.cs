using System.Collections.Frozen;
using System.Net;
using Engine.Mail;

namespace Engine.Reputation.Sources;

/// <summary>
/// Knows which sources' local addresses can be sent from. One that cannot takes no mail and raises an alert; it takes mail again by itself.
/// Sources without an address of their own here (the host's default, or behind a proxy) are not looked for.
/// </summary>
/// <remarks>
/// Thread-safe: <see cref="IsUsable"/> takes no lock. <see cref="Check"/> asks the system, some 50 µs with ten interfaces.
/// Until the first check every source counts as usable: a bind that fails is local trouble, and never leaves from another address.
/// </remarks>
/// <param name="host">The addresses of this host.</param>
internal sealed class SourceMonitor(ILocalAddresses host)
{
    /// <summary>Time between two looks when nobody reports anything.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    /// <summary>However many connections fail, it looks no more often.</summary>
    public static readonly TimeSpan LeastInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<SourceId, DateTimeOffset> _refused = [];
    private Source[] _sources = [];
    private FrozenDictionary<SourceId, SourcePresence> _presence = FrozenDictionary<SourceId, SourcePresence>.Empty;
    private DateTimeOffset _checked = DateTimeOffset.MinValue;
    private DateTimeOffset _next = DateTimeOffset.MinValue;

    /// <summary>When to look next.</summary>
    public DateTimeOffset NextCheck
    {
        get
        {
            lock (_gate)
            {
                return _next;
            }
        }
    }

    /// <summary>The sources of the running configuration; at start and after a reload, to be followed by a check.</summary>
    public void Load(IEnumerable<Source> sources)
    {
        lock (_gate)
        {
            _sources = [.. sources.Where(source => source.IsBoundHere)];
            _next = DateTimeOffset.MinValue;
        }
    }

    /// <summary>Whether mail may leave from it, as far as its address goes.</summary>
    public bool IsUsable(SourceId source) => !Volatile.Read(ref _presence).TryGetValue(source, out var presence) || presence.IsUsable;

    /// <summary>What was seen of it; null when it is not looked for, or was not yet.</summary>
    public SourcePresence? Find(SourceId source) => Volatile.Read(ref _presence).TryGetValue(source, out var presence) ? presence : null;

    /// <summary>A connection from it failed here, not at the far end.</summary>
    /// <returns>Whether the next check is due earlier now.</returns>
    public bool Report(SourceId source, SourceFault fault, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (fault is SourceFault.AddressNotAvailable && Array.Exists(_sources, known => known.Id == source))
            {
                _refused[source] = now + Interval;
            }

            var due = _checked > now - LeastInterval ? _checked + LeastInterval : now;
            var isEarlier = due < _next;
            _next = isEarlier ? due : _next;
            return isEarlier;
        }
    }

    /// <summary>Looks, and tells what has changed.</summary>
    /// <exception cref="IOException">The system does not say: everything stays as it was until the next look.</exception>
    public void Check(DateTimeOffset now, ICollection<SourceChange> changes)
    {
        lock (_gate)
        {
            (_checked, _next) = (now, now + Interval);
            var here = host.Read([.. _sources.Select(source => source.Bind!)]);
            var next = new Dictionary<SourceId, SourcePresence>();
            foreach (var source in _sources)
            {
                var before = _presence.TryGetValue(source.Id, out var known) ? known : new SourcePresence(AddressPresence.Present, now);
                var seen = See(source, here, now);
                next[source.Id] = seen == before.Presence ? before : new SourcePresence(seen, now);
                if (seen != before.Presence)
                {
                    changes.Add(new SourceChange(now, source, seen, now - before.Since));
                }
            }

            Volatile.Write(ref _presence, next.ToFrozenDictionary());
        }
    }

    private AddressPresence See(Source source, IReadOnlyDictionary<IPAddress, AddressPresence> here, DateTimeOffset now)
    {
        var seen = here.GetValueOrDefault(source.Bind!, AddressPresence.Missing);
        if (!_refused.TryGetValue(source.Id, out var until))
        {
            return seen;
        }

        if (now >= until)
        {
            _refused.Remove(source.Id);
            return seen;
        }

        return seen is AddressPresence.Present ? AddressPresence.Refused : seen;
    }
}
