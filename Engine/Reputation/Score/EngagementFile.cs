using System.Buffers.Binary;
using Engine.Configuration;
using Engine.Mail;

namespace Engine.Reputation.Score;

/// <summary>
/// Keeps an <see cref="EngagementBook"/>: a snapshot and a journal of what came since, beside it. Saving appends to the journal; when that is half as long as the snapshot a new
/// snapshot takes the place of both. Records of 14 octets, in blocks with a CRC-32C; what follows a damaged block is given up. One caller at a time.
/// </summary>
/// <remarks>What was marked since the last save is lost by a crash: seconds of opens.</remarks>
/// <param name="path">The snapshot; the journal is <c>PATH.journal</c>.</param>
/// <param name="clock">Ends what is too old.</param>
internal sealed class EngagementFile(string path, TimeProvider clock)
{
    private const int RecordLength = AddressDigest.Length + 2;
    private const int BlockHead = 8;
    private const int BlockRecords = 4_096;
    private const long SmallestJournal = 1 << 20;

    private readonly string _journal = path + ".journal";

    private static ReadOnlySpan<byte> Magic => "ENGAGE1\n"u8;

    /// <summary>Reads both into a book. A file of another key is passed over.</summary>
    /// <exception cref="InvalidDataException">The snapshot is none of ours.</exception>
    public void Load(EngagementBook book)
    {
        foreach (var file in new[] { path, _journal })
        {
            if (File.Exists(file))
            {
                using var stream = File.OpenRead(file);
                Read(stream, book);
            }
        }

        book.Forget(clock.GetUtcNow());
        book.TakePending(out _);
    }

    /// <summary>Writes what came since; durable when this returns.</summary>
    public void Save(EngagementBook book)
    {
        var pending = book.TakePending(out var isWhole);
        if (pending.Count == 0 && File.Exists(path))
        {
            return;
        }

        var journal = File.Exists(_journal) ? new FileInfo(_journal).Length : 0;
        var snapshot = File.Exists(path) ? new FileInfo(path).Length : 0;
        if (!isWhole || snapshot == 0 || journal + (pending.Count * RecordLength) > Math.Max(SmallestJournal, snapshot / 2))
        {
            WriteSnapshot(book);
            return;
        }

        using var stream = new FileStream(_journal, FileMode.Append, FileAccess.Write);
        if (stream.Position == 0)
        {
            WriteHead(stream, book);
        }

        using (var writer = new EngagementBlocks(stream, BlockRecords, RecordLength))
        {
            foreach (var (digest, day) in pending)
            {
                Append(writer, digest, day);
            }
        }

        stream.Flush(flushToDisk: true);
    }

    private void WriteSnapshot(EngagementBook book)
    {
        book.Forget(clock.GetUtcNow());
        using (var stream = new FileStream(path + ".new", FileMode.Create, FileAccess.Write))
        {
            WriteHead(stream, book);
            using (var writer = new EngagementBlocks(stream, BlockRecords, RecordLength))
            {
                book.Each((digest, day) => Append(writer, digest, day));
            }

            stream.Flush(flushToDisk: true);
        }

        // A crash between the two leaves a journal that says again what the snapshot holds.
        File.Move(path + ".new", path, overwrite: true);
        File.Delete(_journal);
        DurableFile.SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    private static void WriteHead(Stream stream, EngagementBook book)
    {
        Span<byte> key = stackalloc byte[AddressDigest.Length];
        book.KeyMark.WriteTo(key);
        stream.Write(Magic);
        stream.Write(key);
    }

    private static void Append(EngagementBlocks writer, AddressDigest digest, ushort day)
    {
        var record = writer.Next();
        digest.WriteTo(record);
        BinaryPrimitives.WriteUInt16BigEndian(record[AddressDigest.Length..], day);
    }

    private static void Read(Stream stream, EngagementBook book)
    {
        var head = new byte[Magic.Length + AddressDigest.Length];
        if (stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length || !head.AsSpan().StartsWith(Magic))
        {
            throw new InvalidDataException("no engagement of this version");
        }

        if (AddressDigest.Read(head.AsSpan(Magic.Length)) != book.KeyMark)
        {
            return;
        }

        var block = new byte[BlockRecords * RecordLength];
        var start = new byte[BlockHead];
        while (stream.ReadAtLeast(start, BlockHead, throwOnEndOfStream: false) == BlockHead)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(start);
            if (length <= 0 || length > block.Length || length % RecordLength > 0
                || stream.ReadAtLeast(block.AsSpan(0, length), length, throwOnEndOfStream: false) < length
                || EngagementBlocks.Check(block.AsSpan(0, length)) != BinaryPrimitives.ReadUInt32BigEndian(start.AsSpan(4)))
            {
                return;
            }

            for (var at = 0; at < length; at += RecordLength)
            {
                var day = BinaryPrimitives.ReadUInt16BigEndian(block.AsSpan(at + AddressDigest.Length));
                if (day > 0)
                {
                    book.Mark(AddressDigest.Read(block.AsSpan(at)), day);
                }
            }
        }
    }
}
