namespace Engine.Queue.Waiting;

/// <summary>The recipients of a message that has several.</summary>
internal struct MessageGroup
{
    /// <summary>Slot of the first.</summary>
    public int First;

    public ushort Count;

    /// <summary>Recipients that have not ended.</summary>
    public ushort Live;

    /// <summary>Recipients that have ended but are still out.</summary>
    public ushort Lingering;
}
