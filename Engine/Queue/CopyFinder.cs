using Engine.Mail;
using Engine.Queue.Frames;
using Engine.Queue.Logs;
using Engine.Queue.Waiting;

namespace Engine.Queue;

/// <summary>At recovery, the copies of messages that stand in the logs of older generations, until generation 0 says from when on each is the message.</summary>
internal sealed class CopyFinder(LogLayout layout)
{
    private readonly int _segmentBits = layout.SegmentBits;
    private readonly Dictionary<(ulong Id, ushort Copy), MessagePlace> _copies = [];

    public int Count => _copies.Count;

    public bool TryFind(MessageId id, ushort copy, out MessagePlace place) => _copies.TryGetValue((id.Value, copy), out place);

    /// <summary>Takes the frames of one generation.</summary>
    public IFrameVisitor In(int generation) => new Visitor(this, generation);

    private sealed class Visitor(CopyFinder finder, int generation) : IFrameVisitor
    {
        public void Visit(long address, in FrameHeader header, ReadOnlySpan<byte> payload)
        {
            if (header.Kind != FrameKind.Message)
            {
                return;
            }

            var shape = MessageLayout.Read(payload);
            var first = shape.Parts == 0 ? address : MessageLayout.ReadPart(payload, 0).Address;
            finder._copies[(header.Id.Value, header.Copy)] = new MessagePlace(
                SpoolAddress.Of(generation, address),
                FrameHeader.Size + payload.Length,
                SpoolAddress.Of(generation, first) >> finder._segmentBits,
                shape.Heads + shape.Content);
        }
    }
}
