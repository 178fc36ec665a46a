using Engine.Queue.Frames;

namespace Engine.Queue.Spool;

/// <summary>Takes what a <see cref="SpoolScan"/> finds, in the order in which it stands.</summary>
internal interface IScanVisitor
{
    /// <summary>A whole frame.</summary>
    /// <param name="address">Where its entry begins.</param>
    /// <param name="header">Checked.</param>
    /// <param name="payload">Checked; borrowed for the call.</param>
    void Frame(long address, in FrameHeader header, ReadOnlySpan<byte> payload);

    /// <summary>A frame that is not whole but whose extent is known. Its octets cannot be believed.</summary>
    /// <param name="address">Where its entry begins.</param>
    /// <param name="header">Null when it is the header that is damaged.</param>
    /// <param name="payload">As it stands there; borrowed for the call.</param>
    void Broken(long address, FrameHeader? header, ReadOnlySpan<byte> payload);

    /// <summary>A damaged place; after the frames before it and before those behind it.</summary>
    void Fault(in ScanFault fault);
}
