using System.Runtime.InteropServices;
using Engine.Mail;

namespace Engine.Suppression.Storing;

/// <summary>An entry as it stands in memory and on disk: 24 octets, little-endian.</summary>
/// <param name="High">Of the key.</param>
/// <param name="Low">Of the key.</param>
/// <param name="Seconds">When it was added; seconds since 1970, until 2106.</param>
/// <param name="Day">The first day (since 1970, of UTC) on which it holds no more; 0 never.</param>
/// <param name="Mark">Low half: the reason, 0 for one that was removed. High half: warnings counted.</param>
/// <param name="From">The origin, and whether another entry of this key was there before.</param>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly record struct StoredRecord(ulong High, ulong Low, uint Seconds, ushort Day, byte Mark, byte From)
{
    public const int Length = 24;

    private const byte ReplacesFlag = 0x80;

    public StoredKey Key => new(High, Low);

    public SuppressionReason Reason => (SuppressionReason)(Mark & 0xF);

    public byte Count => (byte)(Mark >> 4);

    public SuppressionOrigin Origin => (SuppressionOrigin)(From & ~ReplacesFlag);

    /// <summary>Says that the entry was removed: it hides those of older runs.</summary>
    public bool IsTombstone => Reason is SuppressionReason.None;

    /// <summary>The list had one of this key, so that it does not grow by this one.</summary>
    public bool Replaces => (From & ReplacesFlag) != 0;

    public static StoredRecord Of(StoredKey key, in SuppressionEntry entry) => new(
        key.High,
        key.Low,
        (uint)Math.Clamp(entry.Added.ToUnixTimeSeconds(), 0, uint.MaxValue),
        DayOf(entry.Expires),
        (byte)((byte)entry.Reason | (Math.Min(entry.Count, (byte)15) << 4)),
        (byte)entry.Origin);

    public static StoredRecord Tombstone(StoredKey key) => new(key.High, key.Low, 0, 0, 0, 0);

    /// <summary>Days are rounded up: an entry holds no shorter than was said.</summary>
    public static ushort DayOf(DateTimeOffset? expires) => expires is { } end
        ? (ushort)Math.Clamp((end.ToUnixTimeSeconds() + 86_399) / 86_400, 1, ushort.MaxValue)
        : (ushort)0;

    public bool IsExpired(DateTimeOffset now) => Day != 0 && now.ToUnixTimeSeconds() >= Day * 86_400L;

    /// <summary>Keeps mail back now.</summary>
    public bool Suppresses(DateTimeOffset now) => Reason is not (SuppressionReason.None or SuppressionReason.Warning) && !IsExpired(now);

    public StoredRecord Replacing() => this with { From = (byte)(From | ReplacesFlag) };

    /// <summary>As runs hold it.</summary>
    public StoredRecord Settled() => this with { From = (byte)(From & ~ReplacesFlag) };

    public SuppressionEntry ToEntry(AddressDigest address, SuppressionScope scope) =>
        new(address, scope, Reason, Origin, DateTimeOffset.FromUnixTimeSeconds(Seconds), Day == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(Day * 86_400L)) { Count = Count };
}
