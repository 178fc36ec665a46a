namespace Engine.Queue.Snapshots;

/// <summary>Numbers what a snapshot names. The index's own numbers pass from value to value while the snapshot is written: each is remembered with the value it had.</summary>
internal sealed class NumberedNames<T>
    where T : notnull
{
    private readonly List<(T Value, int Number)?> _known = [];
    private int _next;

    /// <summary>True when the value is to be defined now; its number is then the next.</summary>
    /// <param name="interned">The index's number.</param>
    /// <param name="value">What it stands for now.</param>
    public bool IsNew(int interned, T value)
    {
        while (_known.Count <= interned)
        {
            _known.Add(null);
        }

        if (_known[interned] is { } known && known.Value.Equals(value))
        {
            return false;
        }

        _known[interned] = (value, _next++);
        return true;
    }

    /// <summary>The number of a value asked for by <see cref="IsNew"/> before.</summary>
    public int NumberOf(int interned) => _known[interned]!.Value.Number;
}
