using System.Buffers.Binary;
using System.Text;
using Engine.Mail;

namespace Engine.Queue.Frames;

/// <summary>
/// The list of a message's heads: a count, an offset for every head, then for each where its octets stand in the heads, the body
/// hash and the signatures. The octets themselves follow after the table.
/// </summary>
internal readonly struct HeadTable
{
    private readonly ReadOnlyMemory<byte> _octets;

    public HeadTable(ReadOnlyMemory<byte> octets)
    {
        _octets = octets;
        if (octets.Length < 2 || Count == 0 || octets.Length < 2 + (Count * 4))
        {
            throw new InvalidDataException("a message without a head");
        }
    }

    public int Count => BinaryPrimitives.ReadUInt16LittleEndian(_octets.Span);

    public static void Write(IReadOnlyList<MessageHead> heads, OctetWriter writer)
    {
        var start = writer.Length;
        writer.U16(heads.Count);
        writer.Take(heads.Count * 4);
        var at = 0L;
        for (var index = 0; index < heads.Count; index++)
        {
            var head = heads[index];
            writer.U32At(start + 2 + (index * 4), writer.Length - start);
            writer.U32(at);
            writer.U32(head.Octets.Length);
            WriteSignatures(head, writer);
            at += head.Octets.Length;
        }
    }

    public static void WriteSignatures(MessageHead head, OctetWriter writer)
    {
        writer.U8(checked((byte)head.BodyHash.Length));
        writer.Raw(head.BodyHash.Span);
        writer.U8(checked((byte)head.Signatures.Count));
        for (var index = 0; index < head.Signatures.Count; index++)
        {
            writer.Short(head.Signatures[index].Domain);
            writer.Short(head.Signatures[index].Selector);
        }
    }

    /// <summary>Body hash and signatures as <see cref="WriteSignatures"/> wrote them.</summary>
    public static MessageHead ReadSignatures(ref OctetReader reader, ReadOnlyMemory<byte> octets)
    {
        var hash = reader.Raw(reader.U8()).ToArray();
        var signatures = new DkimIdentity[reader.U8()];
        for (var index = 0; index < signatures.Length; index++)
        {
            signatures[index] = new DkimIdentity(reader.ShortText(), reader.ShortText());
        }

        return new MessageHead(octets, signatures, hash);
    }

    /// <summary>Where a head stands in the octets of all heads.</summary>
    public (int Start, int Length) PlaceOf(int head)
    {
        var reader = RecordOf(head);
        return (checked((int)reader.U32()), checked((int)reader.U32()));
    }

    /// <summary>Allocates.</summary>
    /// <param name="head">Its number.</param>
    /// <param name="octets">The head's own octets, for the result.</param>
    public MessageHead Decode(int head, ReadOnlyMemory<byte> octets)
    {
        var reader = RecordOf(head);
        reader.Raw(8);
        return ReadSignatures(ref reader, octets);
    }

    /// <summary>Whether a signature is of those meant. No allocation.</summary>
    /// <param name="head">Its number.</param>
    /// <param name="isMeant">Takes d= and s=.</param>
    public bool IsSigned(int head, SignaturePredicate isMeant)
    {
        var reader = RecordOf(head);
        reader.Raw(8);
        reader.Raw(reader.U8());
        Span<char> domain = stackalloc char[byte.MaxValue];
        Span<char> selector = stackalloc char[byte.MaxValue];
        for (var left = reader.U8(); left > 0; left--)
        {
            var domainLength = Encoding.UTF8.GetChars(reader.Raw(reader.U8()), domain);
            var selectorLength = Encoding.UTF8.GetChars(reader.Raw(reader.U8()), selector);
            if (isMeant(domain[..domainLength], selector[..selectorLength]))
            {
                return true;
            }
        }

        return false;
    }

    private OctetReader RecordOf(int head)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)head, (uint)Count, nameof(head));
        var at = BinaryPrimitives.ReadUInt32LittleEndian(_octets.Span[(2 + (head * 4))..]);
        return at <= _octets.Length ? new OctetReader(_octets.Span[(int)at..]) : throw new InvalidDataException("a head table ends too early");
    }
}
