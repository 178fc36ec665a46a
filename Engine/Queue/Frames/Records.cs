using System.Text;

namespace Engine.Queue.Frames;

/// <summary>
/// Payloads of the small frames. Each begins with the second it was written. Recipients are named by index, of the message whose id
/// stands in the header; no index at all means every recipient.
/// </summary>
internal static class Records
{
    public static void WriteSettle(OctetWriter writer, DateTimeOffset at, ushort index, EndKind end, ushort code)
    {
        writer.U32(Seconds.Of(at));
        writer.U16(index);
        writer.U8((byte)end);
        writer.U16(code);
    }

    /// <summary>Reads the next end of a settle frame; begin with <see cref="Begin"/>.</summary>
    public static bool TryReadEnd(ref OctetReader reader, out ushort index, out EndKind end, out ushort code)
    {
        (index, end, code) = (0, default, 0);
        if (reader.Remaining == 0)
        {
            return false;
        }

        (index, end, code) = (reader.U16(), (EndKind)reader.U8(), reader.U16());
        return true;
    }

    /// <summary>For <see cref="FrameKind.Cancel"/>, <see cref="FrameKind.Hold"/> and <see cref="FrameKind.Release"/>.</summary>
    public static void WriteMark(OctetWriter writer, DateTimeOffset at, ushort index)
    {
        writer.U32(Seconds.Of(at));
        writer.U16(index);
    }

    public static void WriteRetry(OctetWriter writer, DateTimeOffset at, DateTimeOffset due, ushort index)
    {
        writer.U32(Seconds.Of(at));
        writer.U32(Seconds.Of(due));
        writer.U16(index);
    }

    public static void WriteMoved(OctetWriter writer, DateTimeOffset at, ushort copy)
    {
        writer.U32(Seconds.Of(at));
        writer.U16(copy);
    }

    /// <summary>The reader behind the time every small record begins with.</summary>
    public static OctetReader Begin(ReadOnlySpan<byte> payload, out uint at)
    {
        var reader = new OctetReader(payload);
        at = reader.U32();
        return reader;
    }

    public static void WriteIncarnation(OctetWriter writer, DateTimeOffset at, int node, string version)
    {
        writer.U32(Seconds.Of(at));
        writer.U16(node);
        writer.Short(version);
    }

    /// <summary>A head written anew: its number, then body hash, signatures and, to the end, octets.</summary>
    public static void WriteHead(OctetWriter writer, DateTimeOffset at, ushort number, MessageHead head)
    {
        writer.U32(Seconds.Of(at));
        writer.U16(number);
        HeadTable.WriteSignatures(head, writer);
        writer.U32(head.Octets.Length);
        writer.Raw(head.Octets.Span);
    }

    public static (ushort Number, MessageHead Head) ReadHead(ReadOnlyMemory<byte> payload)
    {
        var reader = Begin(payload.Span, out _);
        var number = reader.U16();
        var unread = reader;
        HeadTable.ReadSignatures(ref reader, default);
        var length = checked((int)reader.U32());
        reader.Raw(length);
        return (number, HeadTable.ReadSignatures(ref unread, payload.Slice(payload.Length - reader.Remaining - length, length)));
    }

    /// <summary>What a text of the log means in this process: UTF-8, or nothing.</summary>
    public static string Text(ReadOnlySpan<byte> octets) => octets.IsEmpty ? string.Empty : Encoding.UTF8.GetString(octets);
}
