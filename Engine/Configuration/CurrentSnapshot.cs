namespace Engine.Configuration;

/// <summary>The snapshot in force. One reference, swapped at reload; readers take it once per unit of work.</summary>
internal sealed class CurrentSnapshot(Snapshot first)
{
    private Snapshot _value = first;

    /// <summary>Raised after the swap, on the reloading thread, with the new snapshot.</summary>
    public event Action<Snapshot>? Changed;

    public Snapshot Value => Volatile.Read(ref _value);

    public void Swap(Snapshot next)
    {
        Volatile.Write(ref _value, next);
        Changed?.Invoke(next);
    }
}
