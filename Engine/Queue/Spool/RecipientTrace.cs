namespace Engine.Queue.Spool;

/// <summary>What the records say of one recipient. Each field holds the sequence number of the record that said it; 0 for none.</summary>
internal struct RecipientTrace
{
    public ulong Ended;
    public ulong Held;
    public ulong Released;
    public ulong Deferred;
    public ulong Rescheduled;

    /// <summary>Of the last defer frame, in generation 0.</summary>
    public long DeferAddress;

    /// <summary>Seconds since 1970; 0 for the envelope's own time.</summary>
    public uint Due;

    public ushort Attempts;
}
