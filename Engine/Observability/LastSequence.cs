using System.Text.Json;

namespace Engine.Observability;

/// <summary>Finds the last sequence number an earlier run gave.</summary>
internal static class LastSequence
{
    /// <summary>0 when there is no event.</summary>
    public static long In(EventFiles files)
    {
        foreach (var hour in files.Hours().Reverse())
        {
            foreach (var segment in new EventHourReader(files, hour).Tail())
            {
                using (segment)
                {
                    if (In(segment.Lines) is > 0 and var sequence)
                    {
                        return sequence;
                    }
                }
            }
        }

        return 0;
    }

    private static long In(Stream lines)
    {
        var (reader, last) = (new EventLineReader(lines), 0L);
        while (reader.TryRead(out var line))
        {
            last = Math.Max(last, Of(line.Span));
        }

        return last;
    }

    private static long Of(ReadOnlySpan<byte> line)
    {
        try
        {
            var fields = new EventFieldReader(line);
            var sequence = 0L;
            while (fields.Next())
            {
                sequence = fields.Name.SequenceEqual("seq"u8) ? fields.Number() : sequence;
            }

            return sequence;
        }
        catch (JsonException)
        {
            // Cut by a crash, or the tail was not taken at a line's start.
            return 0;
        }
    }
}
