using System.Runtime.InteropServices;

namespace Engine.Observability;

/// <summary>Thread priorities of .NET do nothing on Linux; a nice value of the thread does.</summary>
internal static partial class LowPriority
{
    private const int WhichProcess = 0;

    private const int Nicest = 19;

    /// <summary>Lowers the calling thread for good. Where it is refused, the thread runs as before.</summary>
    public static void Take()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = SetPriority(WhichProcess, 0, Nicest);
        }
    }

    // On Linux "who" 0 is the calling thread, not its process: setpriority(2), NOTES.
    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int value);
}
