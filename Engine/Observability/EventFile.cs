using Microsoft.Win32.SafeHandles;

namespace Engine.Observability;

/// <summary>The file that takes the current hour's lines. One thread.</summary>
/// <remarks>Every write names its place in the file, so that a write repeated after a fault lands where the first one stood.</remarks>
/// <param name="files">Where it stands.</param>
internal sealed class EventFile(EventFiles files) : IDisposable
{
    private const UnixFileMode DirectoryMode =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute;

    private SafeFileHandle? _handle;
    private EventHour? _hour;
    private long _offset;

    /// <summary>Appends, to the file of the block's hour. One of an earlier hour is first put on stable storage and closed.</summary>
    /// <exception cref="IOException">Nothing of the block counts as written; call <see cref="Abandon"/>, then try again.</exception>
    public void Write(EventBlock block)
    {
        if (_hour is { } hour && hour != block.Hour)
        {
            Close();
        }

        var handle = _handle ??= Open(block.Hour);
        RandomAccess.Write(handle, block.Written.Span, _offset);
        _offset += block.Length;
    }

    /// <summary>Lets go of a file that failed. The next write opens it again and goes on at the same place.</summary>
    public void Abandon()
    {
        _handle?.Dispose();
        _handle = null;
    }

    /// <summary>Puts what was written on stable storage and closes.</summary>
    public void Close()
    {
        if (_handle is not null)
        {
            RandomAccess.FlushToDisk(_handle);
        }

        Abandon();
        _hour = null;
    }

    public void Dispose() => Abandon();

    private SafeFileHandle Open(EventHour hour)
    {
        if (!Directory.Exists(files.Directory) && !OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(files.Directory, DirectoryMode);
        }

        var handle = File.OpenHandle(files.Lines(hour), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        var length = RandomAccess.GetLength(handle);
        if (_hour == hour)
        {
            _offset = Math.Min(_offset, length);
            return handle;
        }

        (_hour, _offset) = (hour, length);
        EndTornLine(handle);
        return handle;
    }

    // A crash may have cut the last line. Ended here, it is one damaged line, which readers skip.
    private void EndTornLine(SafeFileHandle handle)
    {
        Span<byte> last = [(byte)'\n'];
        if (_offset > 0 && RandomAccess.Read(handle, last, _offset - 1) == 1 && last[0] != '\n')
        {
            RandomAccess.Write(handle, "\n"u8, _offset++);
        }
    }
}
