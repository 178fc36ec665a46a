using System.Runtime.InteropServices;

namespace Engine.Preflight.Rotation;

/// <summary>Whether files may be made in a folder, found out without making one.</summary>
internal static partial class FolderAccess
{
    // W_OK | X_OK.
    private const int WriteAndPass = 2 | 1;

    /// <summary>Why this process cannot write there; null when it can. Of a folder that is not there yet the nearest above it counts.</summary>
    public static string? FaultOf(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        var path = Path.GetFullPath(folder);
        while (!Path.Exists(path) && Path.GetDirectoryName(path) is { } above)
        {
            path = above;
        }

        return File.Exists(path) ? $"{path} is a file"
            : Access(path, WriteAndPass) == 0 ? null
            : $"{path}: {Marshal.GetLastPInvokeErrorMessage()}";
    }

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Access(string path, int mode);
}
