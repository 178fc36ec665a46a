using System.Collections.Concurrent;
using System.Globalization;
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

    public string NameOf(int segment) => Path.Join(_directory, Prefix + segment.ToString(CultureInfo.InvariantCulture));

    public IReadOnlyList<int> Segments()
    {
        var numbers = new List<int>();
        foreach (var path in Directory.EnumerateFiles(_directory, Prefix + "*"))
        {
            if (int.TryParse(Path.GetFileName(path.AsSpan())[Prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                numbers.Add(number);
            }
        }

        numbers.Sort();
        return numbers;
    }

    public long LengthOf(int segment) => RandomAccess.GetLength(Open(segment, create: false));

    public int Read(int segment, long offset, Span<byte> target)
    {
        try
        {
            return ReadAll(Open(segment, create: false), offset, target);
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }

    public void Write(int segment, long offset, ReadOnlySpan<byte> octets)
    {
        try
        {
            RandomAccess.Write(Open(segment, create: true), octets, offset);
        }
        catch (IOException fault) when (DiskReserve.IsFull(fault) && _reserve?.GiveUp() is true)
        {
            RandomAccess.Write(Open(segment, create: true), octets, offset);
        }
    }

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

        return ReadAll(Marks(), 0, target);
    }

    public void WriteMark(long offset, ReadOnlySpan<byte> octets)
    {
        try
        {
            RandomAccess.Write(Marks(), octets, offset);
        }
        catch (IOException fault) when (DiskReserve.IsFull(fault) && _reserve?.GiveUp() is true)
        {
            RandomAccess.Write(Marks(), octets, offset);
        }
    }

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

    private static int ReadAll(SafeFileHandle handle, long offset, Span<byte> target)
    {
        var read = 0;
        while (read < target.Length && RandomAccess.Read(handle, target[read..], offset + read) is var count and > 0)
        {
            read += count;
        }

        return read;
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
