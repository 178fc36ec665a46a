using Engine.Mail;

namespace Engine.Queue.Frames;

/// <summary>Payload of a <see cref="FrameKind.Defer"/> frame.</summary>
/// <param name="At">When it was written.</param>
/// <param name="Index">The recipient.</param>
/// <param name="Attempts">Counted so far, this one included.</param>
/// <param name="Deferral">What happened.</param>
internal readonly record struct DeferRecord(DateTimeOffset At, ushort Index, ushort Attempts, Deferral Deferral)
{
    /// <summary>Octets of reply text kept.</summary>
    public const int MaxText = 200;

    public static DeferRecord Read(ReadOnlySpan<byte> payload)
    {
        var reader = new OctetReader(payload);
        var at = Seconds.ToTime(reader.U32());
        var (index, attempts, due, flags, code) = (reader.U16(), reader.U16(), reader.U32(), reader.U8(), reader.U16());
        var enhanced = new EnhancedCode(reader.U8(), reader.U16(), reader.U16());
        var category = new Category(reader.ShortText());
        return new DeferRecord(at, index, attempts, new Deferral(Seconds.ToTime(due), category, code, enhanced, reader.ShortText(), (flags & 1) != 0));
    }

    public void Write(OctetWriter writer)
    {
        writer.U32(Seconds.Of(At));
        writer.U16(Index);
        writer.U16(Attempts);
        writer.U32(Seconds.Of(Deferral.Due));
        writer.U8(Deferral.IsUncertain ? (byte)1 : (byte)0);
        writer.U16(Deferral.Code);
        writer.U8(Deferral.Enhanced.Class);
        writer.U16(Deferral.Enhanced.Subject);
        writer.U16(Deferral.Enhanced.Detail);
        writer.Short(Deferral.Category.ToString());
        WriteText(writer, Deferral.Text ?? string.Empty);
    }

    // Cut between characters, so that what is kept stays UTF-8.
    private static void WriteText(OctetWriter writer, string text)
    {
        var kept = 0;
        var octets = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (octets + rune.Utf8SequenceLength > MaxText)
            {
                break;
            }

            octets += rune.Utf8SequenceLength;
            kept += rune.Utf16SequenceLength;
        }

        writer.Short(text.AsSpan(0, kept));
    }
}
