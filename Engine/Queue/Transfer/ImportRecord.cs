using System.Buffers.Binary;
using Engine.Mail;

namespace Engine.Queue.Transfer;

/// <summary>
/// Which messages of one export were taken here: 8 octets an id, in a file named after the export. With it a repeated import does not
/// send again what was delivered since the first. A message is written down after it was accepted: a crash between may take it twice,
/// never lose it.
/// </summary>
internal sealed class ImportRecord : IDisposable
{
    private const int Flushed = 256;

    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    private readonly HashSet<ulong> _known = [];
    private readonly FileStream _file;
    private int _unflushed;

    private ImportRecord(FileStream file) => _file = file;

    /// <summary>Opens or makes the record of an export, and removes those not touched for 30 days.</summary>
    /// <param name="directory"><c>state/imports</c>; made when absent.</param>
    /// <param name="export">Its name, 32 hexadecimal digits.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="IOException">Another import of the same export is running.</exception>
    public static ImportRecord Open(string directory, string export, DateTimeOffset now)
    {
        Directory.CreateDirectory(directory);
        foreach (var old in new DirectoryInfo(directory).EnumerateFiles().Where(file => file.LastWriteTimeUtc < now - Kept))
        {
            old.Delete();
        }

        var file = new FileStream(Path.Join(directory, export), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        try
        {
            var record = new ImportRecord(file);
            record.Read();
            return record;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public bool Knows(MessageId id) => _known.Contains(id.Value);

    public void Add(MessageId id)
    {
        _known.Add(id.Value);
        Span<byte> octets = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(octets, id.Value);
        _file.Write(octets);
        if (++_unflushed == Flushed)
        {
            Flush();
        }
    }

    public void Flush()
    {
        _unflushed = 0;
        _file.Flush(flushToDisk: true);
    }

    public void Dispose()
    {
        Flush();
        _file.Dispose();
    }

    // A torn id at the end was never counted.
    private void Read()
    {
        var octets = new byte[_file.Length / sizeof(ulong) * sizeof(ulong)];
        _file.ReadExactly(octets);
        for (var at = 0; at < octets.Length; at += sizeof(ulong))
        {
            _known.Add(BinaryPrimitives.ReadUInt64LittleEndian(octets.AsSpan(at)));
        }

        _file.SetLength(octets.Length);
        _file.Position = octets.Length;
    }
}
