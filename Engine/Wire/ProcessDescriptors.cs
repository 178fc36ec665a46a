using System.IO.Enumeration;
using System.Runtime.InteropServices;

namespace Engine.Wire;

/// <summary>What the system says of this process's file descriptors. Linux only; elsewhere there seems to be no end of them.</summary>
internal static partial class ProcessDescriptors
{
    private const string Directory = "/proc/self/fd";

    // RLIMIT_NOFILE of Linux.
    private const int FilesOpen = 7;

    private static readonly EnumerationOptions All = new() { AttributesToSkip = 0, IgnoreInaccessible = true };

    /// <summary>Descriptors the process may have open. The runtime raises it to the hard limit when it starts.</summary>
    public static long Limit() =>
        OperatingSystem.IsLinux() && GetLimit(FilesOpen, out var limit) == 0 ? (long)Math.Min(limit.Soft, long.MaxValue) : long.MaxValue;

    /// <summary>Descriptors open now. Walks through them: some milliseconds for tens of thousands.</summary>
    /// <exception cref="IOException">There is no descriptor left to look with.</exception>
    public static long Count()
    {
        if (!OperatingSystem.IsLinux())
        {
            return 0;
        }

        var count = 0L;
        foreach (var _ in new FileSystemEnumerable<bool>(Directory, static (ref _) => true, All))
        {
            count++;
        }

        // The one that was opened for looking is not counted.
        return count - 1;
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, out ResourceLimit limit);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct ResourceLimit
    {
        public readonly ulong Soft;
        public readonly ulong Hard;
    }
}
