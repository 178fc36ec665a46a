using Engine.Queue.Logs;
using Microsoft.Win32.SafeHandles;

namespace Engine.Queue.Spool;

/// <summary>The files of one log, opened for reading only. Nothing is made, locked or changed, so an engine may run on them.</summary>
internal sealed class SpoolLogFiles : IDisposable
{
    /// <summary>Octets read at once where the device gives errors: one page of the system's cache.</summary>
    private const int Rescue = 4_096;

    private const string Prefix = "log.";

    private readonly Dictionary<int, SafeFileHandle> _open = [];

    /// <param name="directory">Of a generation; must be there.</param>
    /// <param name="shard">Its shard's number.</param>
    /// <param name="generation">Its own.</param>
    public SpoolLogFiles(string directory, int shard, int generation) =>
        (Path, Shard, Generation) = (System.IO.Path.GetFullPath(directory), shard, generation);

    public string Path { get; }

    public int Shard { get; }

    public int Generation { get; }

    public string MarksName => System.IO.Path.Join(Path, "commits");

    /// <summary>Whether a process has the log open for writing. Asks for a shared lock for an instant; a running engine does not notice.</summary>
    public bool IsInUse()
    {
        try
        {
            using var probe = new FileStream(System.IO.Path.Join(Path, "lock"), FileMode.Open, FileAccess.Read, FileShare.Read, 1);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    public string NameOf(int segment) => NumberedFiles.Name(Path, Prefix, segment);

    /// <summary>Numbers of the segments there are, ascending.</summary>
    public IReadOnlyList<int> Segments() => NumberedFiles.In(Path, Prefix);

    /// <summary>0 when the file is gone.</summary>
    public long LengthOf(int segment) => Open(segment) is { } file ? RandomAccess.GetLength(file) : 0;

    /// <summary>The file of commit marks; empty when there is none.</summary>
    public byte[] ReadMarks()
    {
        try
        {
            using var file = new FileStream(MarksName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
            var octets = new byte[CommitMark.Distance * CommitMark.Kept];
            return octets[..file.ReadAtLeast(octets, octets.Length, throwOnEndOfStream: false)];
        }
        catch (FileNotFoundException)
        {
            return [];
        }
    }

    /// <summary>Fills the target; zeros stand where the file has ended, is gone, or cannot be read.</summary>
    /// <param name="segment">Number.</param>
    /// <param name="offset">In the file.</param>
    /// <param name="target">Filled.</param>
    /// <param name="unreadable">Told offset, length and the system's words for what the device did not give.</param>
    public void Read(int segment, long offset, Span<byte> target, Action<long, int, string> unreadable)
    {
        var file = Open(segment);
        try
        {
            target[(file is null ? 0 : NumberedFiles.ReadAll(file, offset, target))..].Clear();
        }
        catch (IOException)
        {
            for (var at = 0; at < target.Length; at += Rescue)
            {
                var piece = target.Slice(at, Math.Min(Rescue, target.Length - at));
                try
                {
                    piece[NumberedFiles.ReadAll(file!, offset + at, piece)..].Clear();
                }
                catch (IOException fault)
                {
                    piece.Clear();
                    unreadable(offset + at, piece.Length, fault.Message);
                }
            }
        }
    }

    public void Dispose()
    {
        foreach (var file in _open.Values)
        {
            file.Dispose();
        }

        _open.Clear();
    }

    private SafeFileHandle? Open(int segment)
    {
        if (_open.TryGetValue(segment, out var file))
        {
            return file;
        }

        try
        {
            file = File.OpenHandle(NameOf(segment), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            _open[segment] = file;
            return file;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
