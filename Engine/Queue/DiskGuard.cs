using System.Globalization;
using Engine.Configuration;
using Engine.Queue.Logs;

namespace Engine.Queue;

/// <summary>Asks the disk for its free space, once a second at most, and says when mail must be refused for it.</summary>
internal sealed class DiskGuard(ISpoolDisk disk, ByteSize minimum, TimeProvider clock)
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
                var free = disk.Log(0).Free();
                Volatile.Write(ref _free, free);
                if (free >= minimum.Octets)
                {
                    disk.Reserve?.Keep(free);
                }
            }

            return Volatile.Read(ref _free);
        }
    }

    /// <summary>Why no mail is taken; null while there is room.</summary>
    public string? Refusal => Free switch
    {
        var free when free < minimum.Octets => string.Create(CultureInfo.InvariantCulture, $"the disk is nearly full: {free >> 20} MiB free, {minimum} wanted"),
        _ when disk.Reserve is { IsUsed: true } => "the disk is full: the reserve for settlements is in use",
        _ => null,
    };
}
