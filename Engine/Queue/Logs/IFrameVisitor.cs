using Engine.Queue.Frames;

namespace Engine.Queue.Logs;

/// <summary>Takes the frames of a log in order, at recovery.</summary>
internal interface IFrameVisitor
{
    /// <param name="address">Of the frame, for <see cref="IMessageLog.Read"/>.</param>
    /// <param name="header">Checked.</param>
    /// <param name="payload">Checked; borrowed for the call.</param>
    void Visit(long address, in FrameHeader header, ReadOnlySpan<byte> payload);
}
