using System.Globalization;
using System.Runtime.InteropServices;
using Engine.Mail;

namespace Engine.Suppression.Storing;

/// <summary>
/// A run on disk: a page of header, pages of 170 records with a checksum each, the first half-key of every page, the filter, and this footer. Numbers are little-endian.
/// </summary>
/// <param name="Magic">Always <see cref="Mark"/>.</param>
/// <param name="Key">Id of the list's key.</param>
/// <param name="Number">The run's number.</param>
/// <param name="Records">Records in it.</param>
/// <param name="Tombstones">Of them, those that say removed.</param>
/// <param name="Pages">Pages of records; the first stands at one page.</param>
/// <param name="Blocks">Blocks of the filter.</param>
/// <param name="IndexChecksum">CRC-32C of the index.</param>
/// <param name="FilterChecksum">CRC-32C of the filter.</param>
/// <param name="Reserved">Zero.</param>
/// <param name="Checksum">CRC-32C of the footer with this field zero.</param>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly record struct RunFormat(ulong Magic, ulong Key, long Number, long Records, long Tombstones, long Pages, long Blocks, uint IndexChecksum, uint FilterChecksum, uint Reserved, uint Checksum)
{
    public const int PageLength = 4096;

    /// <summary>170: what is left of a page holds its checksum.</summary>
    public const int RecordsPerPage = PageLength / StoredRecord.Length;

    /// <summary>Where the checksum of a page stands; before it, the octets it is made of.</summary>
    public const int ChecksumOffset = PageLength - sizeof(uint);

    public const int FooterLength = 72;

    public const ulong Mark = 0x3152505553474E45;

    public long IndexOffset => PageLength * (1 + Pages);

    public long FilterOffset => IndexOffset + (Pages * sizeof(ulong));

    public long FooterOffset => FilterOffset + (Blocks * 32);

    public static string NameOf(long number) => string.Create(CultureInfo.InvariantCulture, $"run-{number:d10}");

    public RunFormat Summed()
    {
        var bare = this with { Checksum = 0 };
        return bare with { Checksum = Crc32C.Of(MemoryMarshal.AsBytes(new ReadOnlySpan<RunFormat>(in bare))) };
    }
}
