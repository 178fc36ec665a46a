using System.Runtime.InteropServices;

namespace Engine.Dkim;

/// <summary>What stat says of a file, to know later whether it is still the same one.</summary>
/// <param name="Length">Octets.</param>
/// <param name="Written">Time of the last write, in 100 ns.</param>
/// <param name="Inode">0 where the system does not say.</param>
internal readonly partial record struct FileStamp(long Length, long Written, ulong Inode)
{
    private const string LibC = "libc";

    // STATX_MODE | STATX_MTIME | STATX_INO | STATX_SIZE.
    private const uint Wanted = 0x0002 | 0x0040 | 0x0100 | 0x0200;

    // Paths are absolute, so no directory is needed.
    private const int NoDirectory = -100;

    /// <summary>Follows links.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="stamp">The stamp.</param>
    /// <param name="mode">Permissions; none where the system has none.</param>
    /// <returns>False when there is no such file, or it cannot be looked at.</returns>
    public static bool TryRead(string path, out FileStamp stamp, out UnixFileMode mode)
    {
        if (OperatingSystem.IsLinux())
        {
            var isRead = Statx(NoDirectory, path, 0, Wanted, out var facts) == 0;
            stamp = new FileStamp((long)facts.Size, (facts.Seconds * TimeSpan.TicksPerSecond) + (facts.Nanoseconds / 100), facts.Inode);
            mode = (UnixFileMode)(facts.Mode & 0xFFF);
            return isRead;
        }

        var info = new FileInfo(path);
        stamp = info.Exists ? new FileStamp(info.Length, info.LastWriteTimeUtc.Ticks, 0) : default;
        mode = info.Exists && !OperatingSystem.IsWindows() ? info.UnixFileMode : UnixFileMode.None;
        return info.Exists;
    }

    [LibraryImport(LibC, EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(int directory, string path, int flags, uint mask, out StatxFacts facts);

    // struct statx of <linux/stat.h>: the same on every architecture.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct StatxFacts
    {
        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(40)]
        public ulong Size;

        [FieldOffset(112)]
        public long Seconds;

        [FieldOffset(120)]
        public uint Nanoseconds;
    }
}
