using System.Runtime.InteropServices;
using Engine.Mail;

namespace Engine.Suppression.Storing;

/// <summary>The head of one commit in a journal: 32 octets, then records, then sealed addresses, then zeros to a multiple of eight.</summary>
/// <param name="Mark">Always <see cref="Magic"/>.</param>
/// <param name="Records">How many.</param>
/// <param name="Sealed">Octets of sealed addresses.</param>
/// <param name="Checksum">CRC-32C of the head with this field zero, and of what follows.</param>
/// <param name="Position">Where in the file it stands: an old frame at another place is none.</param>
/// <param name="File">The journal's number.</param>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly record struct JournalFrame(uint Mark, uint Records, uint Sealed, uint Checksum, long Position, long File)
{
    public const int HeadLength = 32;

    public const uint Magic = 0x4A505553;

    /// <summary>Records of one frame at most.</summary>
    public const int MaxRecords = 1 << 16;

    private const long MaxSealed = MaxRecords * (AddressBatch.HeadLength + 255L) + AddressSeal.Overhead;

    public long Length => (HeadLength + (Records * (long)StoredRecord.Length) + Sealed + 7) & ~7L;

    /// <summary>Whether a frame could stand here; its checksum is still to be compared.</summary>
    public bool IsPlausible(long file, long position, long left) =>
        Mark == Magic && File == file && Position == position && Records <= MaxRecords && Sealed <= MaxSealed && Length <= left;

    /// <summary>Writes the head before a body that stands in place already.</summary>
    /// <param name="frame">Head and body.</param>
    public void Write(Span<byte> frame)
    {
        var head = this with { Checksum = 0 };
        MemoryMarshal.Write(frame, head);
        MemoryMarshal.Write(frame, head with { Checksum = Crc32C.Of(frame) });
    }

    /// <summary>The whole frame is as it was written.</summary>
    public bool Fits(ReadOnlySpan<byte> frame)
    {
        var head = this with { Checksum = 0 };
        var checksum = Crc32C.Of(MemoryMarshal.AsBytes(new ReadOnlySpan<JournalFrame>(in head)));
        return Crc32C.Append(checksum, frame[HeadLength..]) == Checksum;
    }
}
