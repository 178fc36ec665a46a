using System.Buffers;
using Engine.Mail;
using Engine.Queue.Frames;

namespace Engine.Queue;

/// <summary>Content that goes to the log as part frames ahead of its message frame. Until that stands, it keeps the segment of its first part from being given up.</summary>
/// <param name="id">The message to be.</param>
/// <param name="writer">Appends the parts.</param>
/// <param name="refusal">Why nothing is taken; null while mail is.</param>
internal sealed class IncomingContent(MessageId id, MessageWriter writer, Func<string?> refusal) : IIncomingContent
{
    private readonly List<PartPlace> _parts = [];
    private bool _isPinned;

    public long Length { get; private set; }

    /// <summary>The parts written so far, in order.</summary>
    public IReadOnlyList<PartPlace> Parts => _parts;

    /// <summary>The message that a part frame of it names.</summary>
    public MessageId Id => id;

    /// <summary>In which the first part was written: after a fault of the disk the parts cannot be trusted to be there.</summary>
    public int Epoch { get; private set; }

    public async ValueTask AppendAsync(ReadOnlySequence<byte> octets, CancellationToken stop)
    {
        while (!octets.IsEmpty)
        {
            if (refusal() is { } why)
            {
                throw new IntakeRefusedException(why);
            }

            Epoch = _parts.Count == 0 ? writer.Epoch : Epoch;
            var piece = octets.Slice(0, Math.Min(octets.Length, writer.MaxPart));
            var address = await writer.AppendPartAsync(id, Epoch, _parts.Count, piece, stop);
            _parts.Add(new PartPlace(address, (int)piece.Length));
            _isPinned = true;
            Length += piece.Length;
            octets = octets.Slice(piece.Length);
        }
    }

    /// <summary>The message frame stands: what the parts need is the message's from now on.</summary>
    public void Accepted() => _isPinned = false;

    public void Dispose()
    {
        if (_isPinned)
        {
            _isPinned = false;
            writer.Abandon(_parts[0]);
        }
    }
}
