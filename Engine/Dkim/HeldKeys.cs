namespace Engine.Dkim;

/// <summary>The parsed keys of a domain, and the list of them that signs in the ring that asked last.</summary>
/// <param name="all">In the order of the domain's files or entries, those that may not sign now among them.</param>
internal sealed class HeldKeys(SigningKey[] all)
{
    private ReadyKeys? _ready;
    private bool _isUsed;

    public IReadOnlyList<SigningKey> All { get; } = all;

    /// <summary>Of the ring that is its <see cref="ReadyKeys.Ring"/>, and of no other.</summary>
    public ReadyKeys? Ready
    {
        get => Volatile.Read(ref _ready);
        set => Volatile.Write(ref _ready, value);
    }

    /// <summary>Asked for since the cache's hand came by.</summary>
    public bool IsUsed => Volatile.Read(ref _isUsed);

    public void Touch()
    {
        // Read first: a write by every thread would move the line from core to core.
        if (!Volatile.Read(ref _isUsed))
        {
            Volatile.Write(ref _isUsed, true);
        }
    }

    public void Rest() => Volatile.Write(ref _isUsed, false);
}
