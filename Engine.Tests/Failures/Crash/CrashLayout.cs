using Engine.Configuration;
using Engine.Queue;
using Engine.Queue.Logs;

namespace Engine.Tests.Failures.Crash;

/// <summary>Sizes so small that a few dozen messages fill files, spill into parts and make snapshots due.</summary>
internal static class CrashLayout
{
    /// <summary>4 KiB pages, 16 KiB files, 64 KiB of memory; a message over 1 KiB comes in parts.</summary>
    public static readonly LogLayout Log = new(12, 14, 16);

    /// <param name="reopenings">How often a failed log is opened anew.</param>
    public static QueueSettings Settings(int reopenings) =>
        new("/lab", 1, Durability.Memory, ByteSize.MiB(16), ByteSize.MiB(1)) { Layout = Log, ReopenAttempts = reopenings };
}
