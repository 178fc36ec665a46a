using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;

namespace Engine.Queue.Logs;

/// <summary>Segments as files <c>log.N</c> of one directory. Durable files are opened O_DSYNC: a write returns when it is on the device.</summary>
internal sealed class LogDisk : ILogDisk
{
    private const string Prefix = "log.";
    private const long ShrinkStep = 4L << 20;

    private readonly string _directory;
    private readonly bool _durable;
    private readonly DiskReserve? _reserve;
    private readonly DriveInfo _drive;
    private readonly FileStream _owner;
    private readonly ConcurrentDictionary<int, SafeFileHandle> _segments = new();
    private readonly Lock _opening = new();
    private SafeFileHandle? _marks;

    /// <param name="directory">Made when absent.</param>
    /// <param name="durable">False leaves it to the system when it writes: lost with the machine, not with the process.</param>
    /// <param name="reserve">Given up when the disk is full; null for none.</param>
    /// <exception cref="IOException">Another process has the log open.</exception>
    public LogDisk(string directory, bool durable, DiskReserve? reserve = null)
    {
        _reserve = reserve;
        _directory = Path.GetFullPath(directory);
        _durable = durable;
        NativeFile.MakeDirectory(_directory, durable);
        _drive = new DriveInfo(_directory);
        _owner = new FileStream(Path.Join(_directory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
    }

    public string MarksName => Path.Join(_directory, "commits");

    public string NameOf(int segment) => NumberedFiles.Name(_directory, Prefix, segment);

    public IReadOnlyList<int> Segments() => NumberedFiles.In(_directory, Prefix);

    public long LengthOf(int segment) => RandomAccess.GetLength(Open(segment, create: false));

    public int Read(int segment, long offset, Span<byte> target)
    {
        try
        {
            return NumberedFiles.ReadAll(Open(segment, create: false), offset, target);
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }

    public void Write(int segment, long offset, ReadOnlySpan<byte> octets) => Write(Open(segment, create: true), offset, octets);

    public void Remove(int segment)
    {
        if (_segments.TryRemove(segment, out var handle))
        {
            handle.Dispose();
        }

        var path = NameOf(segment);
        Shrink(path);
        File.Delete(path);
    }

    public void Cut(int segment, long length)
    {
        var handle = Open(segment, create: false);
        RandomAccess.SetLength(handle, length);
        RandomAccess.FlushToDisk(handle);
    }

    public int ReadMarks(Span<byte> target)
    {
        if (!File.Exists(MarksName))
        {
            return 0;
        }

        return NumberedFiles.ReadAll(Marks(), 0, target);
    }

    public void WriteMark(long offset, ReadOnlySpan<byte> octets) => Write(Marks(), offset, octets);

    public long Free() => _drive.AvailableFreeSpace;

    public void Dispose()
    {
        foreach (var handle in _segments.Values)
        {
            handle.Dispose();
        }

        _segments.Clear();
        _marks?.Dispose();
        _owner.Dispose();
    }

    private void Write(SafeFileHandle file, long offset, ReadOnlySpan<byte> octets)
    {
        try
        {
            RandomAccess.Write(file, octets, offset);
        }
        catch (IOException fault) when (DiskReserve.IsFull(fault) && _reserve?.GiveUp() is true)
        {
            RandomAccess.Write(file, octets, offset);
        }
    }

    // Freeing 64 MiB takes the file system a tenth of a second. Done by unlink, the directory is locked as long, and with it the making
    // of the next segment, for which a commit waits; done before, only the file is.
    private static void Shrink(string path)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            for (var length = RandomAccess.GetLength(file) - ShrinkStep; length > 0; length -= ShrinkStep)
            {
                RandomAccess.SetLength(file, length);
            }
        }
        catch (FileNotFoundException)
        {
            // Gone already.
        }
    }

    private SafeFileHandle Open(int segment, bool create)
    {
        if (_segments.TryGetValue(segment, out var handle))
        {
            return handle;
        }

        lock (_opening)
        {
            if (!_segments.TryGetValue(segment, out handle))
            {
                handle = OpenNamed(NameOf(segment), create);
                _segments[segment] = handle;
            }

            return handle;
        }
    }

    private SafeFileHandle Marks()
    {
        lock (_opening)
        {
            return _marks ??= OpenNamed(MarksName, create: true);
        }
    }

    private SafeFileHandle OpenNamed(string path, bool create)
    {
        var isNew = create && !File.Exists(path);
        var handle = NativeFile.Open(path, create, _durable);
        if (isNew && _durable)
        {
            NativeFile.FlushDirectory(_directory);
        }

        return handle;
    }
}
