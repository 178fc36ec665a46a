using System.Buffers;
using System.Runtime.CompilerServices;
using Engine.Queue.Frames;
using Engine.Queue.Logs;
using Engine.Queue.Waiting;

namespace Engine.Queue;

/// <summary>Appends messages. What does not fit one frame goes before it in parts; the message frame comes last and is the accept.</summary>
internal sealed class MessageWriter(GroupCommit commit, LogLayout layout, SegmentLedger ledger)
{
    /// <summary>Completes when the message frame is appended; the waiter then completes with its commit.</summary>
    /// <param name="waiter">Fresh from the pool.</param>
    /// <param name="message">Borrowed until the append.</param>
    /// <param name="stop">Heard only before the message frame is appended.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask AppendAsync(CommitWaiter waiter, NewMessage message, CancellationToken stop)
    {
        var epoch = commit.Epoch;
        var shape = WriteFront(waiter.Front, message);
        waiter.Message = message;
        waiter.Place = new MessagePlace(0, 0, 0, shape.Heads + shape.Content);
        if (shape.Total > layout.Inline)
        {
            await AppendLargeAsync(waiter, message, shape, epoch, stop);
            return;
        }

        (shape with { Inline = (int)shape.Total }).Write(waiter.Prefix, []);
        var body = new FrameBody(FrameKind.Message, message.Envelope.Id, waiter.Prefix.Written, waiter.Front.Written, message.Content);
        await AppendFrameAsync(body, epoch, pin: true, waiter, stop);
    }

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

        return new MessageLayout(envelope, table, front.Length - envelope - table, message.Content.Length, 0, 0);
    }

    private async ValueTask AppendLargeAsync(CommitWaiter waiter, NewMessage message, MessageLayout shape, int epoch, CancellationToken stop)
    {
        var inline = layout.Inline / 2;
        var size = layout.Inline - MessageLayout.PartPrefix;
        var parts = new PartPlace[(shape.Total - inline + size - 1) / size];
        var id = message.Envelope.Id;
        var appended = false;
        try
        {
            for (var part = 0; part < parts.Length; part++)
            {
                var start = inline + ((long)part * size);
                var length = (int)Math.Min(size, shape.Total - start);
                WritePrefix(waiter.Prefix, part);
                var (front, content) = Slice(waiter.Front.Written, message.Content, start, length);
                var body = new FrameBody(FrameKind.Part, id, waiter.Prefix.Written, front, content);
                parts[part] = new PartPlace(await AppendFrameAsync(body, epoch, pin: part == 0, waiter: null, stop), length);
            }

            waiter.Place = waiter.Place with { FirstSegment = layout.SegmentOf(parts[0].Address) };
            waiter.Prefix.Clear();
            (shape with { Inline = inline, Parts = parts.Length }).Write(waiter.Prefix, parts);
            var (head, rest) = Slice(waiter.Front.Written, message.Content, 0, inline);
            await AppendFrameAsync(new FrameBody(FrameKind.Message, id, waiter.Prefix.Written, head, rest), epoch, pin: false, waiter, stop);
            appended = true;
        }
        finally
        {
            if (!appended && parts[0].Length > 0)
            {
                ledger.Unpin(layout.SegmentOf(parts[0].Address));
            }
        }
    }

    private static void WritePrefix(OctetWriter prefix, int part)
    {
        prefix.Clear();
        prefix.U32(part);
        prefix.U32(0);
    }

    private static (ReadOnlyMemory<byte> Front, ReadOnlySequence<byte> Content) Slice(
        ReadOnlyMemory<byte> front, in ReadOnlySequence<byte> content, long start, int length)
    {
        var inFront = (int)Math.Clamp(front.Length - start, 0, length);
        var first = inFront > 0 ? front.Slice((int)start, inFront) : default;
        return (first, content.Slice(Math.Max(0, start - front.Length), length - inFront));
    }

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
