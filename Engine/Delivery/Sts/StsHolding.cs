namespace Engine.Delivery.Sts;

/// <summary>Where the policy of one domain is kept. Verdicts point here, so that one that was dropped is gone from them too. What is not said to be free is guarded by <see cref="StsPolicies"/>.</summary>
internal sealed class StsHolding(StsEntry entry, DateTimeOffset now)
{
    private bool _isUsed;

    /// <summary>Null when it was dropped. Free to read.</summary>
    public StsEntry? Entry
    {
        get => Volatile.Read(ref field);
        set => Volatile.Write(ref field, value);
    } = entry;

    /// <summary>Last time mail asked for it, as far as it was noted.</summary>
    public DateTimeOffset UsedAt { get; set; } = now;

    /// <summary>The use for which it stands where it stands in the order of use.</summary>
    public DateTimeOffset PlacedAt { get; set; } = now;

    /// <summary>Mail asked for it. Any thread, no lock. Read first: a popular policy's line stays shared between the cores.</summary>
    public void MarkUsed()
    {
        if (!_isUsed)
        {
            _isUsed = true;
        }
    }

    /// <summary>Notes marked use as of now.</summary>
    public void NoteUse(DateTimeOffset now)
    {
        if (_isUsed)
        {
            (_isUsed, UsedAt) = (false, now);
        }
    }
}
