using Engine.Queue.Logs;

namespace Engine.Tests.Failures.Crash;

/// <summary>What a crash makes of the write it interrupts. Each yields a write of what came to be, or null when that is nothing new.</summary>
internal static class Tear
{
    private const int Sector = DiskOperation.Sector;

    private delegate ReadOnlySpan<byte> Choice(int sector, ReadOnlySpan<byte> old, ReadOnlySpan<byte> fresh);

    /// <summary>The first half of its sectors, and the file no longer than they need.</summary>
    public static DiskOperation? FirstHalf(DiskOperation write)
    {
        var half = write.Octets.Length / Sector / 2 * Sector;
        return half == 0 ? null : write with { Octets = write.Octets[..half] };
    }

    /// <summary>Any of its sectors; the others hold what they held, or zeros behind the old end of the file.</summary>
    public static DiskOperation? Subset(DiskImage image, DiskOperation write, Random random) =>
        write.Octets.Length <= Sector ? null : Compose(image, write, (_, old, fresh) => random.Next(2) == 0 ? old : fresh);

    /// <summary>None of its sectors, and yet the file is longer.</summary>
    public static DiskOperation? Hole(DiskImage image, DiskOperation write) =>
        (image.Find(write.File)?.Length ?? 0) >= write.Offset + write.Octets.Length ? null : Compose(image, write, static (_, old, _) => old);

    /// <summary>Garbage in one sector or more that held nothing acknowledged; any of the others.</summary>
    public static DiskOperation? Garbage(DiskImage image, DiskOperation write, Random random)
    {
        var spared = IsShared(image, write) ? 1 : 0;
        var sectors = (write.Octets.Length + Sector - 1) / Sector;
        if (sectors <= spared)
        {
            return null;
        }

        var certain = random.Next(spared, sectors);
        return Compose(image, write, (sector, old, fresh) =>
            sector == certain || (sector >= spared && random.Next(4) == 0) ? Noise(random, fresh.Length) : random.Next(2) == 0 ? old : fresh);
    }

    /// <summary>Garbage in the sector that ends what was acknowledged and begins what is new: a device that does not write sectors whole.</summary>
    public static DiskOperation? SharedGarbage(DiskImage image, DiskOperation write, Random random) =>
        IsShared(image, write) ? Compose(image, write, (sector, old, fresh) => sector == 0 ? Noise(random, fresh.Length) : old) : null;

    private static byte[] Noise(Random random, int length)
    {
        var octets = new byte[length];
        random.NextBytes(octets);
        return octets;
    }

    // Whether its first sector holds octets before the newest mark.
    private static bool IsShared(DiskImage image, DiskOperation write)
    {
        if (!write.File.IsSegment || CommitMark.Newest(image.Find(LabFile.Marks(write.File.Generation))) is not { } mark)
        {
            return false;
        }

        var address = CrashLayout.Log.StartOf(write.File.Number) + write.Offset;
        return address / Sector * Sector < mark.Until;
    }

    private static DiskOperation? Compose(DiskImage image, DiskOperation write, Choice choose)
    {
        var found = image.Find(write.File) ?? [];
        var octets = new byte[write.Octets.Length];
        if (write.Offset < found.Length)
        {
            found.AsSpan((int)write.Offset..(int)Math.Min(found.Length, write.Offset + octets.Length)).CopyTo(octets);
        }

        for (var at = 0; at < octets.Length; at += Sector)
        {
            var length = Math.Min(Sector, octets.Length - at);
            choose(at / Sector, octets.AsSpan(at, length), write.Octets.AsSpan(at, length)).CopyTo(octets.AsSpan(at));
        }

        return write with { Octets = octets };
    }
}
