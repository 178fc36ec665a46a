using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Engine.Mail;
using Engine.Queue.Frames;
using Engine.Queue.Logs;
using Engine.Queue.Waiting;

namespace Engine.Queue;

/// <summary>Appends messages. What does not fit one frame goes before it in parts; the message frame comes last and is the accept.</summary>
internal sealed class MessageWriter(GroupCommit commit, LogLayout layout, SegmentLedger ledger)
{
    /// <summary>Octets of a message in one part frame, which is then as large as a buffer of the pool that reads it back.</summary>
    public int MaxPart => layout.Inline - MessageLayout.PartPrefix - FrameHeader.Size;

    /// <summary>Parts of one epoch may become a message: nothing was lost between them. See <see cref="GroupCommit.Epoch"/>.</summary>
    public int Epoch => commit.Epoch;

    /// <summary>Completes when the message frame is appended; the waiter then completes with its commit.</summary>
    /// <param name="waiter">Fresh from the pool.</param>
    /// <param name="message">Borrowed until the append.</param>
    /// <param name="stop">Heard only before the message frame is appended.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask AppendAsync(CommitWaiter waiter, NewMessage message, CancellationToken stop)
    {
        var shape = WriteFront(waiter.Front, message);
        waiter.Message = message;
        waiter.Place = new MessagePlace(0, 0, 0, shape.Heads + shape.Content);
        if (shape.Total > layout.Inline || message.Before is not null)
        {
            await AppendLargeAsync(waiter, message, shape, stop);
            return;
        }

        (shape with { Inline = (int)shape.Total }).Write(waiter.Prefix, []);
        var body = new FrameBody(FrameKind.Message, message.Envelope.Id, waiter.Prefix.Written, waiter.Front.Written, message.Content);
        await AppendFrameAsync(body, commit.Epoch, pin: true, waiter, stop);
    }

    /// <summary>Appends one part. The first keeps its segment, until the message ends or <see cref="Abandon"/>.</summary>
    /// <param name="id">The message.</param>
    /// <param name="epoch"><see cref="Epoch"/> when the first part was appended.</param>
    /// <param name="number">How many parts of it were appended before.</param>
    /// <param name="octets">At most <see cref="MaxPart"/>.</param>
    /// <param name="stop">Ends the wait for room.</param>
    /// <returns>Where it stands.</returns>
    public ValueTask<long> AppendPartAsync(MessageId id, int epoch, int number, ReadOnlySequence<byte> octets, CancellationToken stop)
    {
        var prefix = new byte[MessageLayout.PartPrefix];
        MemoryMarshal.Write(prefix, number);
        return AppendFrameAsync(new FrameBody(FrameKind.Part, id, prefix, rest: octets), epoch, pin: number == 0, waiter: null, stop);
    }

    /// <summary>Parts that will not become a message: their segment may go.</summary>
    /// <param name="first">The first of them.</param>
    public void Abandon(PartPlace first) => ledger.Unpin(layout.SegmentOf(first.Address));

    private static MessageLayout WriteFront(OctetWriter front, NewMessage message)
    {
        EnvelopeCodec.Write(message.Envelope, front);
        var envelope = front.Length;
        HeadTable.Write(message.Heads, front);
        var table = front.Length - envelope;
        for (var head = 0; head < message.Heads.Count; head++)
        {
            front.Raw(message.Heads[head].Octets.Span);
        }

        return new MessageLayout(envelope, table, front.Length - envelope - table, message.Size, 0, 0);
    }

    // All of the content goes into parts, then what of the front does not fit the message frame.
    private async ValueTask AppendLargeAsync(CommitWaiter waiter, NewMessage message, MessageLayout shape, CancellationToken stop)
    {
        var id = message.Envelope.Id;
        using var own = message.Before is null ? new IncomingContent(id, this, static () => null) : null;
        var content = own ?? Incoming(message);
        await content.AppendAsync(message.Content, stop);
        var before = content.Parts.Count;
        var front = waiter.Front.Written;
        var inline = front.Length <= layout.Inline ? front.Length : layout.Inline / 2;
        await content.AppendAsync(new ReadOnlySequence<byte>(front[inline..]), stop);

        PartPlace[] parts = [.. content.Parts];
        shape = shape with { Inline = inline, Parts = parts.Length, FrontParts = parts.Length - before };
        shape.Write(waiter.Prefix, parts);
        waiter.Place = waiter.Place with { FirstSegment = layout.SegmentOf(parts[0].Address) };
        var body = new FrameBody(FrameKind.Message, id, waiter.Prefix.Written, front[..inline]);
        await AppendFrameAsync(body, content.Epoch, pin: false, waiter, stop);
        content.Accepted();
    }

    private static IncomingContent Incoming(NewMessage message) =>
        message.Before is IncomingContent content && content.Id == message.Envelope.Id && content.Length > 0
            ? content
            : throw new ArgumentException("The content before is of another message or queue, or empty.", nameof(message));

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<long> AppendFrameAsync(FrameBody body, int epoch, bool pin, CommitWaiter? waiter, CancellationToken stop)
    {
        var full = false;
        while (true)
        {
            await commit.WaitForRoomAsync(full, stop);
            if (commit.TryAppend(body, epoch, pin, waiter, out var address))
            {
                return address;
            }

            full = true;
        }
    }
}
