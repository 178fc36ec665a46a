namespace Engine.Queue;

/// <summary>
/// Bounds the octets of messages that are read back and in use: a large message due at a thousand slow destinations must not be in
/// memory a thousand times. First come, first served; whoever finds nothing in use gets through, however large. Thread-safe.
/// </summary>
/// <param name="capacity">Octets.</param>
internal sealed class ReadBudget(long capacity)
{
    private readonly Lock _gate = new();
    private readonly Queue<(long Octets, TaskCompletionSource<ReadShare> Turn)> _line = new();
    private long _used;

    public long Used
    {
        get
        {
            lock (_gate)
            {
                return _used;
            }
        }
    }

    /// <summary>Takes a share at once; false when others wait or there is no room.</summary>
    public bool TryTake(long octets, out ReadShare share)
    {
        lock (_gate)
        {
            var fits = _line.Count == 0 && Fits(octets);
            _used += fits ? octets : 0;
            share = fits ? new ReadShare(this, octets) : default;
            return fits;
        }
    }

    /// <summary>Waits for a share.</summary>
    public async ValueTask<ReadShare> TakeAsync(long octets, CancellationToken stop)
    {
        if (TryTake(octets, out var share))
        {
            return share;
        }

        var turn = new TaskCompletionSource<ReadShare>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _line.Enqueue((octets, turn));
            Admit();
        }

        // Whoever gives up leaves its place in the line; its turn, when it comes, is passed on.
        await using var registration = stop.UnsafeRegister(static given => ((TaskCompletionSource<ReadShare>)given!).TrySetCanceled(), turn).ConfigureAwait(false);
        return await turn.Task.ConfigureAwait(false);
    }

    internal void Charge(long octets)
    {
        lock (_gate)
        {
            _used += octets;
        }
    }

    internal void Return(long octets)
    {
        lock (_gate)
        {
            _used -= octets;
            Admit();
        }
    }

    private bool Fits(long octets) => _used == 0 || _used + octets <= capacity;

    private void Admit()
    {
        while (_line.TryPeek(out var next) && Fits(next.Octets))
        {
            _line.Dequeue();
            if (next.Turn.TrySetResult(new ReadShare(this, next.Octets)))
            {
                _used += next.Octets;
            }
        }
    }
}
