using Engine.Mail;

namespace Engine.Queue.Frames;

/// <summary>Writes an envelope as octets. The message id stands in the frame's header.</summary>
/// <remarks>
/// <code>
///  0 version 1     4 flags                  8 accepted      32 count of recipients
///  1 class         6 octets before          16 not before   36 where the recipients' offsets stand
///  2 RET             the texts              24 give up      40 where the tags stand
///  3 needs
/// </code>
/// Times are UTC ticks. Then the texts (count, then length and octets each), the tags, an offset for every recipient (so that one
/// is found without reading the others) and the recipients, each with its own length. A reader passes over what it does not know:
/// octets after the fixed ones, texts beyond its own, octets at the end of a recipient.
/// </remarks>
internal static class EnvelopeCodec
{
    public const byte Version = 1;
    public const int FixedLength = 44;
    public const ushort NoticeFlag = 1;
    public const ushort EnvelopeIdFlag = 2;
    public const ushort GiveUpFlag = 4;

    /// <summary>Two bits from here hold the engagement.</summary>
    public const int EngagementShift = 3;
    public const byte OriginalRecipientFlag = 1;

    public static void Write(Envelope envelope, OctetWriter writer)
    {
        var start = writer.Length;
        writer.U8(Version);
        writer.U8((byte)envelope.Class);
        writer.U8((byte)envelope.Return);
        writer.U8((byte)envelope.Needs);
        writer.U16(FlagsOf(envelope));
        writer.U16(FixedLength);
        writer.I64(envelope.Accepted.UtcTicks);
        writer.I64(envelope.NotBefore.UtcTicks);
        writer.I64(envelope.GiveUp?.UtcTicks ?? 0);
        writer.U32(envelope.Recipients.Count);
        writer.U32(0);
        writer.U32(0);
        WriteTexts(envelope, writer);
        writer.U32At(start + 40, writer.Length - start);
        writer.U16(envelope.Tags.Count);
        for (var tag = 0; tag < envelope.Tags.Count; tag++)
        {
            writer.Long(envelope.Tags[tag]);
        }

        writer.U32At(start + 36, writer.Length - start);
        WriteRecipients(envelope.Recipients, writer, start);
    }

    private static int FlagsOf(Envelope envelope) =>
        (envelope.IsNotice ? NoticeFlag : 0)
        | (envelope.EnvelopeId is null ? 0 : EnvelopeIdFlag)
        | (envelope.GiveUp is null ? 0 : GiveUpFlag)
        | ((int)envelope.Engagement << EngagementShift);

    private static void WriteTexts(Envelope envelope, OctetWriter writer)
    {
        writer.U8((byte)EnvelopeText.Count);
        writer.Long(envelope.Sender.Wire.Span);
        writer.Long(envelope.Account);
        writer.Long(envelope.Stream);
        writer.Long(envelope.Pool);
        writer.Long(envelope.Campaign);
        writer.Long(envelope.EnvelopeId);
        writer.Long(envelope.HeaderFrom.Name);
        writer.Long(envelope.HeaderMessageId);
        writer.Long(envelope.Client);
        writer.Long(envelope.Credential);
    }

    private static void WriteRecipients(IReadOnlyList<Recipient> recipients, OctetWriter writer, int start)
    {
        var table = writer.Length;
        writer.Take(recipients.Count * 4);
        for (var index = 0; index < recipients.Count; index++)
        {
            var recipient = recipients[index];
            writer.U32At(table + (index * 4), writer.Length - start);
            var original = recipient.OriginalRecipient;
            var address = recipient.Address.Wire.Span;
            var octets = original is null ? 0 : 2 + System.Text.Encoding.UTF8.GetByteCount(original);
            writer.U16(6 + address.Length + octets);
            writer.U8((byte)recipient.Notify);
            writer.U8(original is null ? (byte)0 : OriginalRecipientFlag);
            writer.U16(recipient.Head);
            writer.Long(address);
            if (original is not null)
            {
                writer.Long(original);
            }
        }
    }
}
