using System.Runtime.InteropServices;

namespace Engine.Dkim;

/// <summary>Gives a file that root made to whom its folder belongs: an engine that runs as a user of its own could not read it otherwise.</summary>
internal static partial class FileOwner
{
    private const string LibC = "libc";

    // STATX_UID | STATX_GID.
    private const uint Wanted = 0x0008 | 0x0010;
    private const int NoDirectory = -100;

    /// <summary>Makes a file the folder's owner's.</summary>
    /// <returns>Why not; null when it is done, or we are not root and it is ours like what we make.</returns>
    public static string? Match(string file, string folder)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return null;
        }

        return Statx(NoDirectory, Path.GetFullPath(folder), 0, Wanted, out var facts) == 0 && Change(Path.GetFullPath(file), facts.User, facts.Group) == 0
            ? null
            : Marshal.GetLastPInvokeErrorMessage();
    }

    [LibraryImport(LibC, EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(int directory, string path, int flags, uint mask, out StatxOwner facts);

    [LibraryImport(LibC, EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Change(string path, uint user, uint group);

    // struct statx of <linux/stat.h>: the same on every architecture.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct StatxOwner
    {
        [FieldOffset(20)]
        public uint User;

        [FieldOffset(24)]
        public uint Group;
    }
}
