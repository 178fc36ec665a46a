using System.Text;

namespace Engine.Queue.Transfer;

/// <summary>The 512 octets before a file in a POSIX tar (ustar). Only plain files with short names; what is anything else is refused.</summary>
/// <remarks>
/// Written here and not by System.Formats.Tar, whose reader follows long names, links and extended headers of any size, and does not say
/// at which octet a file is damaged. Tests read the result with it and with tar(1).
/// </remarks>
/// <param name="Name">At most 100 octets of ASCII.</param>
/// <param name="Size">Octets of the file; below 8 GiB.</param>
/// <param name="Written">Time of the file, whole seconds.</param>
internal readonly record struct TarHeader(string Name, long Size, DateTimeOffset Written)
{
    public const int BlockSize = 512;

    private const int NameLength = 100;
    private const int ChecksumAt = 148;
    private const long MaxSize = (1L << 33) - 1;
    private const int KindAt = 156;
    private const int MagicAt = 257;

    /// <summary>Zeros after a file, so that the next header begins at a whole block.</summary>
    public static int PaddingOf(long size) => (int)(-size & (BlockSize - 1));

    /// <param name="block">Exactly <see cref="BlockSize"/> octets.</param>
    public void WriteTo(Span<byte> block)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Size, MaxSize);
        block.Clear();
        Encoding.ASCII.GetBytes(Name, block[..NameLength]);
        WriteOctal(block.Slice(100, 8), 0x1A0);
        WriteOctal(block.Slice(108, 8), 0);
        WriteOctal(block.Slice(116, 8), 0);
        WriteOctal(block.Slice(124, 12), Size);
        WriteOctal(block.Slice(136, 12), Math.Max(0, Written.ToUnixTimeSeconds()));
        block[KindAt] = (byte)'0';
        "ustar\000"u8.CopyTo(block[MagicAt..]);
        "engine"u8.CopyTo(block[265..]);
        "engine"u8.CopyTo(block[297..]);
        WriteOctal(block.Slice(ChecksumAt, 7), ChecksumOf(block));
        block[ChecksumAt + 7] = (byte)' ';
    }

    /// <summary>Null, or why it is no header of a plain file.</summary>
    public static string? Read(ReadOnlySpan<byte> block, out TarHeader header)
    {
        header = default;
        if (!block.Slice(MagicAt, 5).SequenceEqual("ustar"u8) || !TryReadOctal(block.Slice(ChecksumAt, 8), out var sum) || sum != ChecksumOf(block))
        {
            return "no tar header stands there, or it is damaged";
        }

        var length = block[..NameLength].IndexOf((byte)0);
        var name = block[..(length < 0 ? NameLength : length)];
        if (block[KindAt] is not ((byte)'0' or 0) || block[345] != 0 || name.ContainsAnyExceptInRange((byte)'!', (byte)'~'))
        {
            return "a tar entry that is no plain file";
        }

        if (!TryReadOctal(block.Slice(124, 12), out var size) || !TryReadOctal(block.Slice(136, 12), out var time))
        {
            return "a tar entry without a size";
        }

        header = new TarHeader(Encoding.ASCII.GetString(name), size, DateTimeOffset.FromUnixTimeSeconds(Math.Min(time, MaxSize)));
        return null;
    }

    // The checksum's own place counts as blanks.
    private static long ChecksumOf(ReadOnlySpan<byte> block)
    {
        var sum = 8L * ' ';
        for (var at = 0; at < BlockSize; at++)
        {
            sum += at is >= ChecksumAt and < ChecksumAt + 8 ? 0 : block[at];
        }

        return sum;
    }

    private static void WriteOctal(Span<byte> field, long value)
    {
        var text = Convert.ToString(value, 8).PadLeft(field.Length - 1, '0');
        Encoding.ASCII.GetBytes(text, field);
        field[^1] = 0;
    }

    private static bool TryReadOctal(ReadOnlySpan<byte> field, out long value)
    {
        value = 0;
        field = field.TrimEnd((byte)0).Trim((byte)' ').TrimEnd((byte)0);
        foreach (var digit in field)
        {
            if (digit is < (byte)'0' or > (byte)'7')
            {
                return false;
            }

            value = (value << 3) | (uint)(digit - '0');
        }

        return field.Length is > 0 and <= 12;
    }
}
