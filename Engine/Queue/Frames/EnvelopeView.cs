using System.Buffers.Binary;
using System.Text;
using Engine.Mail;

namespace Engine.Queue.Frames;

/// <summary>Reads an encoded envelope in place; nothing is allocated but by <see cref="Decode(MessageId)"/>. What does not fit is an <see cref="InvalidDataException"/>.</summary>
internal readonly struct EnvelopeView
{
    private readonly ReadOnlyMemory<byte> _octets;

    public EnvelopeView(ReadOnlyMemory<byte> octets)
    {
        var span = octets.Span;
        if (span.Length < EnvelopeCodec.FixedLength || span[0] != EnvelopeCodec.Version)
        {
            throw new InvalidDataException("not an envelope of a known version");
        }

        _octets = octets;
        var table = U32(36);
        if (U32(32) is 0 or > ushort.MaxValue || table > span.Length || (long)U32(32) * 4 > span.Length - table)
        {
            throw new InvalidDataException("an envelope without its recipients");
        }
    }

    public StreamClass Class => (StreamClass)_octets.Span[1];

    public ReturnContent Return => (ReturnContent)_octets.Span[2];

    public BodyNeeds Needs => (BodyNeeds)_octets.Span[3];

    public bool IsNotice => (Flags & EnvelopeCodec.NoticeFlag) != 0;

    public Engagement Engagement => (Engagement)((Flags >> EnvelopeCodec.EngagementShift) & 3);

    public DateTimeOffset Accepted => Time(8);

    public DateTimeOffset NotBefore => Time(16);

    public DateTimeOffset? GiveUp => (Flags & EnvelopeCodec.GiveUpFlag) != 0 ? Time(24) : null;

    public int Recipients => (int)U32(32);

    private ushort Flags => BinaryPrimitives.ReadUInt16LittleEndian(_octets.Span[4..]);

    public ReadOnlyMemory<byte> Text(EnvelopeText text)
    {
        var at = (int)BinaryPrimitives.ReadUInt16LittleEndian(_octets.Span[6..]);
        var reader = new OctetReader(Tail(at).Span);
        var count = reader.U8();
        if ((int)text >= count)
        {
            return default;
        }

        for (var passed = 0; passed < (int)text; passed++)
        {
            reader.Long();
        }

        var length = reader.Long().Length;
        return _octets.Slice(_octets.Length - reader.Remaining - length, length);
    }

    public ReadOnlyMemory<byte> AddressOf(int recipient)
    {
        var record = RecordOf(recipient);
        return record.Slice(6, LengthAt(record, 4));
    }

    public Notify NotifyOf(int recipient) => (Notify)RecordOf(recipient).Span[0];

    public int HeadOf(int recipient) => BinaryPrimitives.ReadUInt16LittleEndian(RecordOf(recipient).Span[2..]);

    /// <summary>Empty when absent.</summary>
    public ReadOnlyMemory<byte> OriginalRecipientOf(int recipient)
    {
        var record = RecordOf(recipient);
        if ((record.Span[1] & EnvelopeCodec.OriginalRecipientFlag) == 0)
        {
            return default;
        }

        var at = 6 + LengthAt(record, 4);
        return record.Slice(at + 2, LengthAt(record, at));
    }

    /// <summary>The envelope as its maker gave it; owns its octets.</summary>
    public Envelope Decode(MessageId id)
    {
        var recipients = new Recipient[Recipients];
        for (var index = 0; index < recipients.Length; index++)
        {
            recipients[index] = DecodeRecipient(index);
        }

        return Decode(id, recipients);
    }

    /// <summary>The envelope with one recipient alone, who is the first there; owns its octets.</summary>
    public Envelope Decode(MessageId id, int recipient) => Decode(id, [DecodeRecipient(recipient)]);

    private Envelope Decode(MessageId id, Recipient[] recipients)
    {
        var from = Chars(EnvelopeText.HeaderFrom);
        return new Envelope
        {
            Id = id,
            Sender = DecodeMailbox(Text(EnvelopeText.Sender)),
            Recipients = recipients,
            Account = Chars(EnvelopeText.Account),
            Stream = Chars(EnvelopeText.Stream),
            Class = Class,
            Pool = Chars(EnvelopeText.Pool),
            Campaign = Chars(EnvelopeText.Campaign),
            Engagement = Engagement,
            Tags = DecodeTags(),
            Accepted = Accepted,
            NotBefore = NotBefore,
            GiveUp = GiveUp,
            Return = Return,
            EnvelopeId = (Flags & EnvelopeCodec.EnvelopeIdFlag) != 0 ? Chars(EnvelopeText.EnvelopeId) : null,
            Needs = Needs,
            HeaderFrom = from.Length > 0 && DomainName.TryParse(from, out var domain) ? domain : default,
            HeaderMessageId = Chars(EnvelopeText.HeaderMessageId),
            Client = Chars(EnvelopeText.Client),
            Credential = Chars(EnvelopeText.Credential),
            IsNotice = IsNotice,
        };
    }

    private static int LengthAt(ReadOnlyMemory<byte> record, int at)
    {
        if (at + 2 > record.Length || BinaryPrimitives.ReadUInt16LittleEndian(record.Span[at..]) is var length && length > record.Length - at - 2)
        {
            throw new InvalidDataException("a recipient ends too early");
        }

        return length;
    }

    private static Mailbox DecodeMailbox(ReadOnlyMemory<byte> wire)
    {
        if (wire.IsEmpty)
        {
            return default;
        }

        return Mailbox.TryParse(wire.ToArray(), allowUtf8: true, out var mailbox) ? mailbox : throw new InvalidDataException("an address that is none");
    }

    private Recipient DecodeRecipient(int index)
    {
        var original = OriginalRecipientOf(index);
        return new Recipient(
            DecodeMailbox(AddressOf(index)),
            NotifyOf(index),
            (RecordOf(index).Span[1] & EnvelopeCodec.OriginalRecipientFlag) == 0 ? null : Encoding.UTF8.GetString(original.Span),
            (ushort)HeadOf(index));
    }

    private string[] DecodeTags()
    {
        var reader = new OctetReader(Tail(U32(40)).Span);
        var count = reader.U16();
        if (count == 0)
        {
            return [];
        }

        var tags = new List<string>();
        for (var index = 0; index < count; index++)
        {
            tags.Add(reader.LongText());
        }

        return [.. tags];
    }

    private ReadOnlyMemory<byte> RecordOf(int recipient)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)recipient, (uint)Recipients, nameof(recipient));
        var rest = Tail(U32((int)U32(36) + (recipient * 4)));
        var length = LengthAt(rest, 0);
        if (length < 6)
        {
            throw new InvalidDataException("a recipient ends too early");
        }

        return rest.Slice(2, length);
    }

    private string Chars(EnvelopeText text) => Encoding.UTF8.GetString(Text(text).Span);

    private ReadOnlyMemory<byte> Tail(long at) =>
        at <= _octets.Length ? _octets[(int)at..] : throw new InvalidDataException("an envelope ends too early");

    private uint U32(int at) => BinaryPrimitives.ReadUInt32LittleEndian(_octets.Span[at..]);

    private DateTimeOffset Time(int at)
    {
        var ticks = BinaryPrimitives.ReadInt64LittleEndian(_octets.Span[at..]);
        return ticks >= 0 && ticks <= DateTimeOffset.MaxValue.Ticks
            ? new DateTimeOffset(ticks, TimeSpan.Zero)
            : throw new InvalidDataException("a time that is none");
    }
}
