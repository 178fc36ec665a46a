using Engine.Mail;
using Engine.Queue.Frames;

namespace Engine.Queue;

/// <summary>Small records on their way to the log: written here under the queue's lock, so in the order in which things happened, and appended by the commit loop.</summary>
internal sealed class Outbox : IDisposable
{
    private readonly Lock _gate = new();
    private Batch _filling = new();
    private Batch _drained = new();
    private string? _closed;

    /// <summary>Adds a record.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="id">Its message.</param>
    /// <param name="waiter">Told when it is stable; null for nobody.</param>
    /// <param name="slot">The recipient whose detail it is; −1 for none.</param>
    /// <param name="write">Writes the payload.</param>
    /// <param name="state">For <paramref name="write"/>.</param>
    /// <returns>True when it is the first since the last <see cref="Take"/>.</returns>
    public bool Add<TState>(FrameKind kind, MessageId id, CommitWaiter? waiter, int slot, TState state, Action<OctetWriter, TState> write)
    {
        lock (_gate)
        {
            if (_closed is not null)
            {
                waiter?.Fail(new IntakeRefusedException(_closed));
                return false;
            }

            var start = _filling.Octets.Length;
            write(_filling.Octets, state);
            _filling.Entries.Add(new Entry(kind, id, start, _filling.Octets.Length - start, waiter, slot));
            return _filling.Entries.Count == 1;
        }
    }

    /// <summary>Everything added so far. Good until the next call; one caller.</summary>
    public Batch Take()
    {
        _drained.Clear();
        lock (_gate)
        {
            (_filling, _drained) = (_drained, _filling);
            return _drained;
        }
    }

    /// <summary>From now on records are refused, and so are those that were not taken yet.</summary>
    public void Close(string reason)
    {
        lock (_gate)
        {
            _closed = reason;
            foreach (var entry in _filling.Entries)
            {
                entry.Waiter?.Fail(new IntakeRefusedException(reason));
            }

            _filling.Clear();
        }
    }

    public void Dispose()
    {
        _filling.Octets.Dispose();
        _drained.Octets.Dispose();
    }

    internal readonly record struct Entry(FrameKind Kind, MessageId Id, int Start, int Length, CommitWaiter? Waiter, int Slot);

    internal sealed class Batch
    {
        public List<Entry> Entries { get; } = [];

        public OctetWriter Octets { get; } = new();

        public FrameBody BodyOf(in Entry entry) => new(entry.Kind, entry.Id, Octets.Written.Slice(entry.Start, entry.Length));

        public void Clear()
        {
            Entries.Clear();
            Octets.Clear();
        }
    }
}
