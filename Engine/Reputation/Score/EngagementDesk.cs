using System.Buffers;
using System.IO.Pipelines;
using Engine.Mail;

namespace Engine.Reputation.Score;

/// <summary>Takes opens and clicks as a stream of lines: the book learns who is engaged, the score whose readers are. Several streams may run at once.</summary>
/// <param name="book">Learns the addresses.</param>
/// <param name="watch">Learns the accounts.</param>
/// <param name="knows">Whether there is an account of that name.</param>
/// <param name="clock">The time of marks that say none.</param>
internal sealed class EngagementDesk(EngagementBook book, ISenderWatch watch, Func<string, bool> knows, TimeProvider clock)
{
    private const int MaxLine = 4_096;

    /// <summary>Reads to the end. Lines that cannot be used are counted and passed over; one of more than 4 KiB ends it.</summary>
    public async Task<EngagementTally> TakeAsync(Stream lines, CancellationToken stop)
    {
        var (reader, tally, number) = (new EngagementReader(), default(EngagementTally), 0L);
        var pipe = PipeReader.Create(lines, new StreamPipeReaderOptions(leaveOpen: true));
        while (true)
        {
            var read = await pipe.ReadAsync(stop).ConfigureAwait(false);
            var buffer = read.Buffer;
            while (NextLine(ref buffer, read.IsCompleted, out var line))
            {
                tally = Take(reader, line, ++number, tally);
            }

            pipe.AdvanceTo(buffer.Start, buffer.End);
            if (buffer.Length > MaxLine)
            {
                tally = Refuse(tally, number + 1, "is longer than 4096 octets; nothing after it was read");
                break;
            }

            if (read.IsCompleted)
            {
                break;
            }
        }

        await pipe.CompleteAsync().ConfigureAwait(false);
        return tally;
    }

    private static bool NextLine(ref ReadOnlySequence<byte> buffer, bool isLast, out ReadOnlySequence<byte> line)
    {
        if (buffer.PositionOf((byte)'\n') is { } end)
        {
            line = buffer.Slice(0, end);
            buffer = buffer.Slice(buffer.GetPosition(1, end));
            return true;
        }

        line = buffer;
        if (!isLast || buffer.IsEmpty)
        {
            return false;
        }

        buffer = buffer.Slice(buffer.End);
        return true;
    }

    private static EngagementTally Refuse(EngagementTally tally, long number, string fault) => tally with { Refused = tally.Refused + 1, First = tally.First ?? $"line {number}: {fault}" };

    private EngagementTally Take(EngagementReader reader, ReadOnlySequence<byte> line, long number, EngagementTally tally)
    {
        if (line.Length > MaxLine)
        {
            return Refuse(tally, number, "is longer than 4096 octets");
        }

        var fault = reader.Read(line.IsSingleSegment ? line.FirstSpan : line.ToArray(), out var mark);
        if (fault is not null)
        {
            return fault.Length == 0 ? tally : Refuse(tally, number, fault);
        }

        if (mark.Account is { } account && !knows(account))
        {
            return Refuse(tally, number, $"there is no account '{account}'");
        }

        var now = clock.GetUtcNow();
        book.Mark(mark.Address, mark.At ?? now, now);
        if (mark.Account is { } whose)
        {
            // Codes and receipts are not sent to be clicked: engagement is of marketing.
            watch.Heard(new SenderNews { Kind = SenderNewsKind.Engaged, Account = whose, Class = StreamClass.Marketing, At = now });
        }

        return tally with { Taken = tally.Taken + 1 };
    }
}
