using System.Globalization;
using Engine.Configuration;
using Engine.Queue.Logs;

namespace Engine.Queue;

/// <summary>Asks the disk for its free space, once a second at most.</summary>
internal sealed class DiskGuard(ILogDisk disk, ByteSize minimum, TimeProvider clock)
{
    private long _asked = long.MinValue;
    private long _free = long.MaxValue;

    /// <summary>Octets free when last asked.</summary>
    public long Free
    {
        get
        {
            var now = clock.GetTimestamp();
            var asked = Volatile.Read(ref _asked);
            if ((asked == long.MinValue || now - asked >= clock.TimestampFrequency) && Interlocked.CompareExchange(ref _asked, now, asked) == asked)
            {
                Volatile.Write(ref _free, disk.Free());
            }

            return Volatile.Read(ref _free);
        }
    }

    /// <summary>Why no mail is taken; null while there is room.</summary>
    public string? Refusal => Free < minimum.Octets
        ? string.Create(CultureInfo.InvariantCulture, $"the disk is nearly full: {Free >> 20} MiB free, {minimum} wanted")
        : null;
}
