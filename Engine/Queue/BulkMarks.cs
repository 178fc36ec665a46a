using Engine.Queue.Waiting;

namespace Engine.Queue;

/// <summary>The orders being carried out; nearly always none. All members under the queue's lock, but <see cref="Sweep"/>, which takes it by pieces.</summary>
internal sealed class BulkMarks(QueueIndex index, Lock gate, DuePump pump)
{
    private const int Piece = 4_096;

    private readonly List<BulkMark> _active = [];
    private readonly List<int> _again = [];

    public void Add(BulkMark mark) => _active.Add(mark);

    /// <summary>It could not be written down.</summary>
    public void Remove(BulkMark? mark) => _active.RemoveAll(known => known == mark);

    /// <summary>Whether an order before an address has not come to all.</summary>
    public bool IsOpenBefore(long address) => _active.Exists(mark => mark.Address < address);

    /// <summary>Everything before an address is on stable storage.</summary>
    public void SetStable(long address)
    {
        foreach (var mark in _active)
        {
            mark.IsStable |= mark.Address < address;
        }
    }

    /// <summary>What was appended and not yet stable is lost; it is appended again.</summary>
    public void ForgetAddresses() => _active.ForEach(static mark => mark.Address = mark.IsStable ? mark.Address : long.MaxValue);

    /// <summary>The order stands in the log at this address; orders come in the order in which they were given.</summary>
    public void SetAddress(long address)
    {
        foreach (var mark in _active)
        {
            if (mark.Address == long.MaxValue)
            {
                mark.Address = address;
                return;
            }
        }
    }

    /// <summary>Honours what the walks have not yet brought to a recipient.</summary>
    public void Meet(int slot)
    {
        for (var at = 0; at < _active.Count; at++)
        {
            if (_active[at].Meet(index, slot))
            {
                pump.Start(slot, pump.Now);
            }
        }
    }

    /// <summary>Another recipient has come into a slot.</summary>
    public void Forget(int slot)
    {
        // Asked for each recipient accepted: no closure.
        foreach (var mark in _active)
        {
            mark.Forget(slot);
        }
    }

    /// <summary>Brings every order that stands in the log to all it is meant for. One thread.</summary>
    public void Sweep()
    {
        while (Next() is { } mark)
        {
            var more = true;
            while (more)
            {
                lock (gate)
                {
                    _again.Clear();
                    more = mark.Walk(index, Piece, _again);
                    foreach (var slot in _again)
                    {
                        pump.Start(slot, pump.Now);
                    }

                    pump.Arm();
                    if (!more)
                    {
                        _active.Remove(mark);
                    }
                }
            }

            mark.Finish();
        }
    }

    /// <summary>At recovery: carries out at once what the log tells.</summary>
    public void Replay(long address, ReadOnlySpan<byte> payload)
    {
        var (order, at) = BulkOrder.Read(payload);
        var mark = new BulkMark(order, at, null) { Address = address };
        while (mark.Walk(index, Piece, _again))
        {
            _again.Clear();
        }

        _again.Clear();
    }

    private BulkMark? Next()
    {
        lock (gate)
        {
            return _active.Find(static mark => mark.IsStable);
        }
    }
}
