namespace Engine.Queue.Frames;

/// <summary>
/// How a message lies in its frames. It is one string of octets: envelope, head table, heads (the front), then the content. The message
/// frame comes last, holds the beginning of the string and lists the part frames before it, which hold the rest.
/// </summary>
/// <remarks>
/// The list tells the parts in the order in which they were written, which is that of the log. Content may be written before its front
/// is known, so the parts of a front that does not fit the message frame come last: in the string they stand before the others.
/// </remarks>
/// <param name="Envelope">Octets of the envelope.</param>
/// <param name="HeadTable">Octets of the head table.</param>
/// <param name="Heads">Octets of all heads.</param>
/// <param name="Content">Octets of the content.</param>
/// <param name="Inline">Octets of the string that stand in the message frame.</param>
/// <param name="Parts">Part frames.</param>
internal readonly record struct MessageLayout(int Envelope, int HeadTable, int Heads, long Content, int Inline, int Parts)
{
    /// <summary>How many of the last parts belong to the front, and hold exactly what of it does not stand in the message frame.</summary>
    public int FrontParts { get; init; }

    /// <summary>Octets before the list of parts.</summary>
    public const int Size = 32;

    /// <summary>Octets of one part in the list: address, length, zero.</summary>
    public const int PartSize = 16;

    /// <summary>Octets before a part's own: its number in the list, zero.</summary>
    public const int PartPrefix = 8;

    /// <summary>Everything but the content.</summary>
    public int Front => Envelope + HeadTable + Heads;

    public long Total => Front + Content;

    public static MessageLayout Read(ReadOnlySpan<byte> payload)
    {
        var reader = new OctetReader(payload);
        var (envelope, table, heads) = (reader.U32(), reader.U32(), reader.U32());
        var frontParts = reader.U32();
        var content = reader.I64();
        var (inline, parts) = (reader.U32(), reader.U32());
        var front = (long)envelope + table + heads;
        if (front > int.MaxValue || content < 0 || content > long.MaxValue - front || inline > front + content
            || frontParts > parts || (inline < front && frontParts == 0) || (inline >= front && frontParts > 0)
            || Size + ((long)parts * PartSize) + inline != payload.Length)
        {
            throw new InvalidDataException("a message whose lengths do not fit");
        }

        return new MessageLayout((int)envelope, (int)table, (int)heads, content, (int)inline, (int)parts) { FrontParts = (int)frontParts };
    }

    public void Write(OctetWriter writer, ReadOnlySpan<PartPlace> parts)
    {
        writer.U32(Envelope);
        writer.U32(HeadTable);
        writer.U32(Heads);
        writer.U32(FrontParts);
        writer.I64(Content);
        writer.U32(Inline);
        writer.U32(Parts);
        foreach (var part in parts)
        {
            writer.I64(part.Address);
            writer.U32(part.Length);
            writer.U32(0);
        }
    }

    public static PartPlace ReadPart(ReadOnlySpan<byte> payload, int part)
    {
        var reader = new OctetReader(payload[(Size + (part * PartSize))..]);
        return new PartPlace(reader.I64(), checked((int)reader.U32()));
    }
}
