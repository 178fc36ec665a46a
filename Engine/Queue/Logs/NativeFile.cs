using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Engine.Queue.Logs;

/// <summary>
/// What .NET's files cannot: O_DSYNC (its WriteThrough is O_SYNC, which also waits for time stamps), and making the names in a
/// directory stable. Linux only.
/// </summary>
internal static partial class NativeFile
{
    private const int ReadWrite = 0x2;
    private const int Create = 0x40;
    private const int DataSync = 0x1000;
    private const int IsDirectory = 0x10000;
    private const int CloseOnExec = 0x80000;
    private const int NoEntry = 2;

    /// <summary>Opens for reading and writing; a write returns when the octets and the length are on the device.</summary>
    /// <param name="path">The file.</param>
    /// <param name="create">Makes it when absent, readable by its owner and group.</param>
    /// <param name="durable">False for a plain file.</param>
    /// <exception cref="FileNotFoundException">It is absent.</exception>
    /// <exception cref="IOException">With the system's own error number.</exception>
    public static SafeFileHandle Open(string path, bool create, bool durable)
    {
        var descriptor = Open(path, ReadWrite | CloseOnExec | (create ? Create : 0) | (durable ? DataSync : 0), 0x1A0);
        if (descriptor >= 0)
        {
            return new SafeFileHandle(descriptor, ownsHandle: true);
        }

        throw Marshal.GetLastPInvokeError() == NoEntry ? new FileNotFoundException($"{path} is missing", path) : Fault(path);
    }

    /// <summary>Makes a directory and those above it, stably.</summary>
    public static void MakeDirectory(string path, bool durable)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        var parent = Path.GetDirectoryName(path);
        if (parent is { Length: > 0 })
        {
            MakeDirectory(parent, durable);
        }

        Directory.CreateDirectory(path);
        if (durable && parent is { Length: > 0 })
        {
            FlushDirectory(parent);
        }
    }

    /// <summary>Makes files made or deleted in a directory stay so.</summary>
    /// <exception cref="IOException">With the system's own error number.</exception>
    public static void FlushDirectory(string directory)
    {
        var descriptor = Open(directory, IsDirectory | CloseOnExec, 0);
        if (descriptor < 0)
        {
            throw Fault(directory);
        }

        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (FSync(descriptor) < 0)
        {
            throw Fault(directory);
        }
    }

    private static IOException Fault(string path) => new($"{path}: {Marshal.GetLastPInvokeErrorMessage()}", Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int descriptor);
}
