namespace Engine.Queue.Frames;

/// <summary>
/// How a message lies in its frames. It is one string of octets: envelope, head table, heads, content. The message frame holds its
/// beginning, the part frames before it hold the rest in order, and the message frame lists them.
/// </summary>
/// <param name="Envelope">Octets of the envelope.</param>
/// <param name="HeadTable">Octets of the head table.</param>
/// <param name="Heads">Octets of all heads.</param>
/// <param name="Content">Octets of the content.</param>
/// <param name="Inline">Octets of the string that stand in the message frame.</param>
/// <param name="Parts">Part frames.</param>
internal readonly record struct MessageLayout(int Envelope, int HeadTable, int Heads, long Content, int Inline, int Parts)
{
    /// <summary>Octets before the list of parts.</summary>
    public const int Size = 32;

    /// <summary>Octets of one part in the list: address, length, zero.</summary>
    public const int PartSize = 16;

    /// <summary>Octets before a part's own: its number, zero.</summary>
    public const int PartPrefix = 8;

    /// <summary>Everything but the content.</summary>
    public int Front => Envelope + HeadTable + Heads;

    public long Total => Front + Content;

    public static MessageLayout Read(ReadOnlySpan<byte> payload)
    {
        var reader = new OctetReader(payload);
        var (envelope, table, heads) = (reader.U32(), reader.U32(), reader.U32());
        reader.U32();
        var content = reader.I64();
        var (inline, parts) = (reader.U32(), reader.U32());
        var front = (long)envelope + table + heads;
        if (front > int.MaxValue || content < 0 || content > long.MaxValue - front || inline > front + content
            || Size + ((long)parts * PartSize) + inline != payload.Length)
        {
            throw new InvalidDataException("a message whose lengths do not fit");
        }

        return new MessageLayout((int)envelope, (int)table, (int)heads, content, (int)inline, (int)parts);
    }

    public void Write(OctetWriter writer, ReadOnlySpan<PartPlace> parts)
    {
        writer.U32(Envelope);
        writer.U32(HeadTable);
        writer.U32(Heads);
        writer.U32(0);
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
