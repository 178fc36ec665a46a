using System.Runtime.InteropServices;

namespace Engine.Queue.Waiting;

/// <summary>One message with recipients left: 32 octets.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct MessageEntry
{
    /// <summary>Of the message frame, with its generation.</summary>
    public long Address;

    /// <summary>0 in a free slot, and in one whose recipients have ended but not all come back.</summary>
    public ulong Id;

    /// <summary>Octets of the frame (21 bits) and what of it is neither heads nor content (11 bits); see <see cref="OddMessage"/>.</summary>
    public uint Lengths;

    /// <summary>Interned flow and lifetime.</summary>
    public int Terms;

    /// <summary>Slot of its one recipient; or, inverted, the number of its <see cref="MessageGroup"/>.</summary>
    public int Group;

    /// <summary>Seconds since 1970, rounded down.</summary>
    public uint Accepted;
}
