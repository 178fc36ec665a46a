namespace Engine.Demo;

/// <summary>Those who wait for a ledger to say something. Costs one look at a counter while nobody waits.</summary>
internal sealed class LedgerSignals
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _waiters = [];
    private volatile int _count;

    /// <param name="condition">Looked at now, and after each change.</param>
    /// <param name="number">The only message whose changes matter; null when all do.</param>
    /// <param name="stop">Ends the wait.</param>
    public async Task WhenAsync(Func<bool> condition, long? number, CancellationToken stop)
    {
        var waiter = new LinkedListNode<Waiter>(
            new Waiter(condition, number, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)));
        lock (_lock)
        {
            _waiters.AddLast(waiter);
            _count = _waiters.Count;
        }

        try
        {
            // After it was added: a change between a look and the adding would be missed.
            if (!condition())
            {
                await waiter.Value.Signal.Task.WaitAsync(stop);
            }
        }
        finally
        {
            lock (_lock)
            {
                _waiters.Remove(waiter);
                _count = _waiters.Count;
            }
        }
    }

    /// <summary>A message's story has changed.</summary>
    public void Look(long number)
    {
        Interlocked.MemoryBarrier();
        if (_count == 0)
        {
            return;
        }

        Waiter[] waiters;
        lock (_lock)
        {
            waiters = [.. _waiters];
        }

        foreach (var waiter in waiters)
        {
            if ((waiter.Number is null || waiter.Number == number) && waiter.Condition())
            {
                waiter.Signal.TrySetResult();
            }
        }
    }

    private sealed record Waiter(Func<bool> Condition, long? Number, TaskCompletionSource Signal);
}
