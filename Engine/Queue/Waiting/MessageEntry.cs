namespace Engine.Queue.Waiting;

/// <summary>One message with recipients left: 48 octets.</summary>
internal struct MessageEntry
{
    public ulong Id;

    /// <summary>Of the message frame.</summary>
    public long Address;

    /// <summary>Octets of the message frame.</summary>
    public int FrameLength;

    /// <summary>Octets of heads and content.</summary>
    public uint Size;

    /// <summary>Interned flow.</summary>
    public int Flow;

    /// <summary>Slot of its first recipient.</summary>
    public int First;

    /// <summary>Seconds since 1970, rounded down.</summary>
    public uint Accepted;

    /// <summary>Seconds since 1970; 0 for none.</summary>
    public uint GiveUp;

    public ushort AcceptedMilliseconds;

    /// <summary>Recipients that have not ended.</summary>
    public ushort Live;

    /// <summary>How many segments before its frame's its first part lies.</summary>
    public ushort PartSegments;

    public ushort Copy;
}
