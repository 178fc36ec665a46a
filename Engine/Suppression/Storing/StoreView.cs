namespace Engine.Suppression.Storing;

/// <summary>What a reader looks at: swapped as a whole by one write of a reference, so that a look-up sees one state from beginning to end.</summary>
/// <param name="Active">Takes what is added.</param>
/// <param name="Frozen">Is being written to a run; null when none is.</param>
/// <param name="Runs">Newest first.</param>
internal sealed record StoreView(DeltaTable Active, DeltaTable? Frozen, Run[] Runs)
{
    /// <summary>The newest record in memory; a tombstone too.</summary>
    public bool TryGetRecent(StoredKey key, out StoredRecord record)
    {
        if (Active.TryGet(key, out record))
        {
            return true;
        }

        return Frozen is { } frozen && frozen.TryGet(key, out record);
    }

    /// <summary>Brings near what a look at the key will touch, so that several keys are fetched from memory at once and not one after the other.</summary>
    public void Prefetch(StoredKey key)
    {
        Active.Prefetch(key);
        Frozen?.Prefetch(key);
        foreach (var run in Runs)
        {
            run.Prefetch(key);
        }
    }

    /// <summary>False when no run holds the key for certain.</summary>
    public bool MayBeInRuns(StoredKey key)
    {
        foreach (var run in Runs)
        {
            if (run.MayHold(key))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The newest record on disk; null when there is none. No thread waits.</summary>
    public async ValueTask<StoredRecord?> ReadRunsAsync(StoredKey key, CancellationToken stop)
    {
        foreach (var run in Runs)
        {
            if (run.MayHold(key) && await run.ReadAsync(key, stop).ConfigureAwait(false) is { } record)
            {
                return record;
            }
        }

        return null;
    }

    /// <summary>The same by the thread that asks.</summary>
    public StoredRecord? ReadRuns(StoredKey key)
    {
        foreach (var run in Runs)
        {
            if (run.MayHold(key) && run.TryRead(key, out var record))
            {
                return record;
            }
        }

        return null;
    }
}
