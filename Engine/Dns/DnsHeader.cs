using System.Buffers.Binary;

namespace Engine.Dns;

/// <summary>The twelve octets before everything. RFC 1035 §4.1.1, AD and CD of RFC 4035 §3.</summary>
/// <param name="Id">Ties a reply to its question.</param>
/// <param name="Flags">QR, OPCODE, AA, TC, RD, RA, AD, CD and RCODE as they stand on the wire.</param>
/// <param name="Questions">QDCOUNT.</param>
/// <param name="Answers">ANCOUNT.</param>
/// <param name="Authorities">NSCOUNT.</param>
/// <param name="Additionals">ARCOUNT.</param>
internal readonly record struct DnsHeader(ushort Id, ushort Flags, ushort Questions, ushort Answers, ushort Authorities, ushort Additionals)
{
    public const int Length = 12;
    public const ushort Response = 0x8000;
    public const ushort Authoritative = 0x0400;
    public const ushort Truncated = 0x0200;
    public const ushort RecursionDesired = 0x0100;
    public const ushort RecursionAvailable = 0x0080;
    public const ushort Authentic = 0x0020;
    private const ushort OpCodeMask = 0x7800;
    private const ushort CodeMask = 0x000F;

    public bool IsResponse => (Flags & Response) != 0;

    /// <summary>OPCODE 0, the only one that asks for records.</summary>
    public bool IsQuery => (Flags & OpCodeMask) == 0;

    public bool IsTruncated => (Flags & Truncated) != 0;

    public bool IsAuthentic => (Flags & Authentic) != 0;

    /// <summary>Without the upper bits that stand in OPT.</summary>
    public ResponseCode Code => (ResponseCode)(Flags & CodeMask);

    public static bool TryRead(ReadOnlySpan<byte> message, out DnsHeader header)
    {
        header = default;
        if (message.Length < Length)
        {
            return false;
        }

        header = new DnsHeader(At(message, 0), At(message, 2), At(message, 4), At(message, 6), At(message, 8), At(message, 10));
        return true;
    }

    /// <param name="message">At least <see cref="Length"/> octets.</param>
    public void Write(Span<byte> message)
    {
        BinaryPrimitives.WriteUInt16BigEndian(message, Id);
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], Flags);
        BinaryPrimitives.WriteUInt16BigEndian(message[4..], Questions);
        BinaryPrimitives.WriteUInt16BigEndian(message[6..], Answers);
        BinaryPrimitives.WriteUInt16BigEndian(message[8..], Authorities);
        BinaryPrimitives.WriteUInt16BigEndian(message[10..], Additionals);
    }

    private static ushort At(ReadOnlySpan<byte> message, int at) => BinaryPrimitives.ReadUInt16BigEndian(message[at..]);
}
