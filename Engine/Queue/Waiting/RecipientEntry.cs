namespace Engine.Queue.Waiting;

/// <summary>One queued recipient: 40 octets. The recipients of a message stand side by side, so that slot less index is the first.</summary>
internal struct RecipientEntry
{
    /// <summary>Address of its last defer frame, for the reply text; 0 for none.</summary>
    public long Detail;

    /// <summary>Its message's slot.</summary>
    public int Message;

    /// <summary>Interned recipient domain.</summary>
    public int Domain;

    /// <summary>Seconds since 1970.</summary>
    public uint Due;

    /// <summary>Links of the due wheel's lists.</summary>
    public int Next;

    public int Previous;

    /// <summary>In the first recipient of a message only: how many it has.</summary>
    public ushort Count;

    /// <summary>In the first recipient of a message only: how many have ended but are still out.</summary>
    public ushort Lingering;

    public ushort Index;

    public ushort Attempts;

    /// <summary>Interned category of the last failure; 0 for none.</summary>
    public ushort Category;

    public RecipientState State;

    public SlotMarks Marks;
}
