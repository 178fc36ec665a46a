using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Engine.Configuration;

/// <summary>
/// Replaces a small file as a whole: temporary file, fsync, rename, fsync of the directory. After a crash either the old or the new
/// content is there. One writer at a time.
/// </summary>
internal static partial class DurableFile
{
    private const string LibC = "libc";

    /// <summary>Writes the file; when this returns, the content is on stable storage.</summary>
    /// <exception cref="IOException">The old content stays.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        var full = Path.GetFullPath(path);
        var temporary = full + ".new";
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, full, overwrite: true);
        SyncDirectory(Path.GetDirectoryName(full)!);
    }

    /// <summary>Makes the names in a directory stable: .NET opens no directories, and a rename is durable only when its directory is.</summary>
    /// <exception cref="IOException">With the system's own words.</exception>
    public static void SyncDirectory(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = Open(directory, 0);
        if (descriptor < 0)
        {
            throw Fault(directory);
        }

        var synced = Sync(descriptor);
        var fault = synced < 0 ? Fault(directory) : null;
        _ = Close(descriptor);
        if (fault is not null)
        {
            throw fault;
        }
    }

    private static IOException Fault(string directory) => new($"{directory}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");

    [LibraryImport(LibC, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport(LibC, EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Sync(int descriptor);

    [LibraryImport(LibC, EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
