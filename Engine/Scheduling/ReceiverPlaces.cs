using Engine.Limits;
using Engine.Mail;

namespace Engine.Scheduling;

/// <summary>
/// Connections from each source to each set of hosts: key <c>delivery.connections.perDestination</c>. Destinations of the same hosts, which differ in what is asked of
/// TLS, share them, for the receiver is one. Thread-safe; its lock may be taken under a destination's.
/// </summary>
/// <param name="most">Places of each.</param>
/// <param name="clock">For offers that must wait until no lock is held.</param>
internal sealed class ReceiverPlaces(int most, TimeProvider clock) : IDisposable
{
    private readonly Alarm<ConnectionCounter> _offers = new(clock, static counter => counter.OfferNext());
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Set, SourceId Source), Shared> _shared = [];
    private int _most = most;

    /// <summary>What a lane shares with those of its source at other destinations of the same hosts. Give it back with <see cref="Leave"/>.</summary>
    public Shared Join(string set, SourceId source)
    {
        lock (_gate)
        {
            if (!_shared.TryGetValue((set, source), out var shared))
            {
                _shared[(set, source)] = shared = new Shared((set, source), new ConnectionCounter(_most));
            }

            shared.Lanes++;
            return shared;
        }
    }

    public void Leave(Shared shared)
    {
        lock (_gate)
        {
            if (--shared.Lanes == 0)
            {
                _shared.Remove(shared.Key);
            }
        }
    }

    /// <summary>Places were taken and given back under a lock: whoever was refused in between is offered them outside it.</summary>
    public void OfferLater(ConnectionCounter counter)
    {
        if (counter.Waiting > 0)
        {
            _offers.Set(counter, clock.GetTimestamp());
        }
    }

    public void Dispose() => _offers.Dispose();

    /// <summary>A reload. What is open stays; above the new bound it ends at its next message boundary.</summary>
    public void Load(int most)
    {
        lock (_gate)
        {
            _most = most;
            foreach (var shared in _shared.Values)
            {
                shared.Counter.Maximum = most;
            }
        }
    }

    /// <summary>The places of one source and one set of hosts.</summary>
    /// <param name="key">Which.</param>
    /// <param name="counter">Counts workers, connecting ones too.</param>
    internal sealed class Shared((string Set, SourceId Source) key, ConnectionCounter counter)
    {
        private int _lanes;

        public (string Set, SourceId Source) Key { get; } = key;

        public ConnectionCounter Counter { get; } = counter;

        /// <summary>Lanes that share them.</summary>
        public int Lanes
        {
            get => Volatile.Read(ref _lanes);
            set => Volatile.Write(ref _lanes, value);
        }

        /// <summary>Workers that each lane may keep while others wait: an even share, one at least.</summary>
        public int Share => Math.Max(1, Counter.Maximum / Math.Max(1, Lanes));
    }
}
