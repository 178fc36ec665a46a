namespace Engine.Queue.Waiting;

/// <summary>One queued recipient: 24 octets. The recipients of a message stand side by side, so that slot less index is the first.</summary>
internal struct RecipientEntry
{
    /// <summary>Its message's slot.</summary>
    public int Message;

    /// <summary>Interned recipient domain.</summary>
    public int Domain;

    /// <summary>Seconds since 1970.</summary>
    public uint Due;

    /// <summary>Links of the due wheel's lists.</summary>
    public int Next;

    public int Previous;

    /// <summary>Attempts that counted; stays at 255.</summary>
    public byte Attempts;

    /// <summary>Interned category of the last failure; 0 for none.</summary>
    public byte Category;

    public RecipientState State;

    public SlotMarks Marks;
}
