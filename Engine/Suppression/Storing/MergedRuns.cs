namespace Engine.Suppression.Storing;

/// <summary>Several runs as one, in the order of keys: of a key in two runs the newer record counts, and the newest address that is known. For one thread.</summary>
internal sealed class MergedRuns : IDisposable
{
    private readonly RunCursor?[] _cursors;
    private readonly AddressFile?[] _addresses;
    private int _addressOf = -1;

    /// <param name="runs">Newest first.</param>
    /// <param name="addresses">Where they stand beside it, with the key's id and the seal; null to leave them out.</param>
    public MergedRuns(IReadOnlyList<Run> runs, (string Directory, ulong Key, AddressSeal Seal)? addresses)
    {
        _cursors = [.. runs.Select(run => run.Read())];
        _addresses = new AddressFile?[runs.Count];
        for (var index = 0; index < _cursors.Length; index++)
        {
            Advance(index);
            if (addresses is { } kept)
            {
                _addresses[index] = AddressFile.Open(kept.Directory, runs[index].Number, kept.Key, kept.Seal);
                AdvanceAddress(index);
            }
        }
    }

    public StoredRecord Current { get; private set; }

    /// <summary>The address of the current record; empty when it is not known. Good until the next move.</summary>
    public ReadOnlySpan<byte> Address => _addressOf < 0 ? default : _addresses[_addressOf]!.Address;

    public bool MoveNext()
    {
        var newest = -1;
        for (var index = 0; index < _cursors.Length; index++)
        {
            if (_cursors[index] is { } cursor && (newest < 0 || cursor.Current.Key < _cursors[newest]!.Current.Key))
            {
                newest = index;
            }
        }

        if (newest < 0)
        {
            return false;
        }

        Current = _cursors[newest]!.Current;
        var key = Current.Key;
        FindAddress(key);
        for (var index = newest; index < _cursors.Length; index++)
        {
            if (_cursors[index] is { } cursor && cursor.Current.Key == key)
            {
                Advance(index);
            }
        }

        return true;
    }

    public void Dispose()
    {
        foreach (var file in _addresses)
        {
            file?.Dispose();
        }
    }

    private void FindAddress(StoredKey key)
    {
        _addressOf = -1;
        for (var index = 0; index < _addresses.Length; index++)
        {
            while (_addresses[index] is { } file && file.Key < key)
            {
                AdvanceAddress(index);
            }

            if (_addressOf < 0 && _addresses[index] is { } found && found.Key == key)
            {
                _addressOf = index;
            }
        }
    }

    private void Advance(int index)
    {
        if (!_cursors[index]!.MoveNext())
        {
            _cursors[index] = null;
        }
    }

    private void AdvanceAddress(int index)
    {
        if (_addresses[index] is { } file && !file.MoveNext())
        {
            file.Dispose();
            _addresses[index] = null;
        }
    }
}
