using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;

namespace Engine.Observability;

/// <summary>Opens the lines of one hour, whether they are still being written, waiting or compressed.</summary>
/// <param name="files">Where they stand.</param>
/// <param name="hour">The hour.</param>
[SuppressMessage("Reliability", "CA2000", Justification = "A segment owns its stream, and who enumerates disposes of each segment.")]
internal sealed class EventHourReader(EventFiles files, EventHour hour)
{
    /// <summary>What may hold lines behind <paramref name="offset"/>; segments may begin before it. Nothing when the hour was removed.</summary>
    /// <param name="offset">Octets of lines.</param>
    /// <param name="key">Only blocks that hold this key, where there is an index.</param>
    public IEnumerable<EventSegment> Segments(long offset, ulong? key)
    {
        if (OpenLines() is { } lines)
        {
            lines.Position = Math.Min(offset, lines.Length);
            yield return new EventSegment(lines, lines.Position);
        }
        else if (Open(files.Archive(hour)) is { } archive)
        {
            using (archive)
            {
                foreach (var segment in Compressed(archive, offset, key))
                {
                    yield return segment;
                }
            }
        }
    }

    /// <summary>The last stretch of lines, at least as long as one line where there is one.</summary>
    public IEnumerable<EventSegment> Tail()
    {
        if (OpenLines() is { } lines)
        {
            for (var length = 1L << 20; ; length *= 2)
            {
                lines.Position = Math.Max(0, lines.Length - length);
                yield return new EventSegment(lines, lines.Position);
                if (length >= lines.Length || (lines = OpenLines()) is null)
                {
                    yield break;
                }
            }
        }

        using var index = EventIndex.Open(files.Index(hour));
        foreach (var segment in Segments(index is { BlockCount: > 0 } ? index.Block(index.BlockCount - 1).Raw : 0, key: null))
        {
            yield return segment;
        }
    }

    private static FileStream? Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private FileStream? OpenLines() => Open(files.Lines(hour));

    private IEnumerable<EventSegment> Compressed(FileStream archive, long offset, ulong? key)
    {
        using var index = EventIndex.Open(files.Index(hour));
        if (index is null)
        {
            yield return new EventSegment(new GZipStream(archive, CompressionMode.Decompress, leaveOpen: true), 0);
            yield break;
        }

        var first = index.BlockAt(offset);
        var numbers = key is { } wanted ? index.Find(wanted) : Enumerable.Range(0, index.BlockCount);
        foreach (var number in numbers.Where(number => number >= first))
        {
            yield return Block(archive, index, number);
        }
    }

    // A member by itself: reading on over the end of a damaged one would look like the end of the file.
    private static EventSegment Block(FileStream archive, EventIndex index, int number)
    {
        var (start, length, raw, rawLength) = index.Block(number);
        var (compressed, lines) = (new byte[length], new byte[rawLength]);
        try
        {
            archive.Position = start;
            archive.ReadExactly(compressed);
            using var gzip = new GZipStream(new MemoryStream(compressed), CompressionMode.Decompress);
            gzip.ReadExactly(lines);
            return new EventSegment(new MemoryStream(lines), raw);
        }
        catch (Exception fault) when (fault is InvalidDataException or EndOfStreamException)
        {
            throw new InvalidDataException($"{archive.Name} is damaged between octets {start} and {start + length}.", fault);
        }
    }
}
