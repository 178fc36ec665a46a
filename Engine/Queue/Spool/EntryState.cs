namespace Engine.Queue.Spool;

/// <summary>What stands at an address of a log.</summary>
internal enum EntryState : byte
{
    /// <summary>Zeros to the end of the page.</summary>
    End,

    /// <summary>A whole frame in a whole entry.</summary>
    Whole,

    /// <summary>The frame is whole; the length before it is not.</summary>
    LengthDamaged,

    /// <summary>The frame is whole; FasterLog's checksum before it is not.</summary>
    ChecksumDamaged,

    /// <summary>The header is whole and says how long the frame is; the payload is damaged.</summary>
    PayloadDamaged,

    /// <summary>The header is damaged; the length before it fits what follows.</summary>
    HeaderDamaged,

    /// <summary>Nothing tells where the next frame begins.</summary>
    Unreadable,
}
