using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Engine.Suppression.Storing;

/// <summary>
/// Reads a journal back. A frame that does not fit its checksum is a torn tail when nothing whole follows it, and only in the last journal: frames are written one after the other, each stable before
/// the next. Anything else is damage, and the start is refused.
/// </summary>
internal sealed class JournalScan
{
    private readonly string _path;
    private readonly long _number;
    private readonly byte[] _octets;

    /// <param name="directory">Where it stands.</param>
    /// <param name="number">Its number.</param>
    /// <param name="key">Id of the key.</param>
    /// <exception cref="SuppressionDamagedException">It is not a journal of this number and key, or it is missing.</exception>
    public JournalScan(string directory, long number, ulong key)
    {
        _path = Path.Join(directory, JournalFile.NameOf(number));
        _number = number;
        if (!File.Exists(_path))
        {
            throw new SuppressionDamagedException(_path, "is missing");
        }

        _octets = File.ReadAllBytes(_path);
        var header = _octets.AsSpan(0, Math.Min(_octets.Length, JournalFile.HeaderLength));
        if (header.Length < JournalFile.HeaderLength || !header.StartsWith(JournalFile.Magic) || BinaryPrimitives.ReadInt64LittleEndian(header[16..]) != number)
        {
            throw new SuppressionDamagedException(_path, "its header is damaged");
        }

        if (BinaryPrimitives.ReadUInt64LittleEndian(header[8..]) is var found && found != key)
        {
            throw new SuppressionDamagedException(_path, $"was written with the key {found:x16}, and this one is {key:x16}");
        }
    }

    /// <summary>Octets that are good; behind them the tail is cut off. Known after <see cref="Records"/>.</summary>
    public long Length { get; private set; } = JournalFile.HeaderLength;

    /// <summary>Reads all records, in order.</summary>
    /// <param name="isLast">No journal follows: its tail may be torn.</param>
    /// <param name="take">Gets the records of a frame; the span is the caller's for the call.</param>
    public void Records(bool isLast, Action<ReadOnlySpan<StoredRecord>> take)
    {
        while (Length < _octets.Length)
        {
            if (At(Length) is not { } frame)
            {
                CheckTail(isLast);
                return;
            }

            take(MemoryMarshal.Cast<byte, StoredRecord>(_octets.AsSpan((int)Length + JournalFrame.HeadLength, (int)frame.Records * StoredRecord.Length)));
            Length += frame.Length;
        }
    }

    /// <summary>Reads the addresses that stand in it, up to the first frame that is none.</summary>
    public void Addresses(AddressSeal seal, Action<ReadOnlyMemory<byte>> take)
    {
        for (var at = (long)JournalFile.HeaderLength; at < _octets.Length && At(at) is { } frame; at += frame.Length)
        {
            if (frame.Sealed > 0)
            {
                take(Opened(seal, at, frame));
            }
        }
    }

    private byte[] Opened(AddressSeal seal, long at, JournalFrame frame)
    {
        try
        {
            return seal.Open(_octets.AsSpan((int)at + JournalFrame.HeadLength + ((int)frame.Records * StoredRecord.Length), (int)frame.Sealed), _number, at);
        }
        catch (CryptographicException fault)
        {
            throw new SuppressionDamagedException(_path, $"addresses at offset {at} cannot be read: {fault.Message}", fault);
        }
    }

    private JournalFrame? At(long position)
    {
        if (_octets.Length - position < JournalFrame.HeadLength)
        {
            return null;
        }

        var frame = MemoryMarshal.Read<JournalFrame>(_octets.AsSpan((int)position));
        return frame.IsPlausible(_number, position, _octets.Length - position) && frame.Fits(_octets.AsSpan((int)position, (int)frame.Length)) ? frame : null;
    }

    private void CheckTail(bool isLast)
    {
        for (var at = Length + 8; at <= _octets.Length - JournalFrame.HeadLength; at += 8)
        {
            if (At(at) is not null)
            {
                throw new SuppressionDamagedException(_path, $"is damaged at offset {Length}: a whole record follows at {at}");
            }
        }

        if (!isLast)
        {
            throw new SuppressionDamagedException(_path, $"is damaged at offset {Length}: another journal follows");
        }
    }
}
