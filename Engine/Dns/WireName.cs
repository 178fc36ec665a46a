using System.Globalization;
using System.Text;

namespace Engine.Dns;

/// <summary>Names as they stand in messages: labels with a length octet, ended by the root. RFC 1035 §3.1.</summary>
/// <remarks>Text form: labels with dots between, <c>.</c> for the root; a dot or backslash in a label as <c>\.</c> and <c>\\</c>, other octets that do not print as <c>\DDD</c>.</remarks>
internal static class WireName
{
    /// <summary>Octets of a whole name with all length octets. RFC 1035 §3.1.</summary>
    public const int MaxLength = 255;

    private const int MaxLabel = 63;

    /// <summary>Moves <paramref name="at"/> behind a name, which is not looked at beyond its first pointer.</summary>
    public static bool TrySkip(ReadOnlySpan<byte> message, ref int at)
    {
        while ((uint)at < (uint)message.Length)
        {
            int count = message[at];
            if (count == 0)
            {
                at++;
                return true;
            }

            if (count >= 0xC0)
            {
                at += 2;
                return at <= message.Length;
            }

            if (count > MaxLabel)
            {
                return false;
            }

            at += count + 1;
        }

        return false;
    }

    /// <summary>Copies a name without its compression.</summary>
    /// <param name="message">The whole message.</param>
    /// <param name="at">Where the name starts.</param>
    /// <param name="name">At least <see cref="MaxLength"/> octets.</param>
    /// <param name="length">Octets written.</param>
    /// <param name="end">The place behind the name in the message.</param>
    public static bool TryExpand(ReadOnlySpan<byte> message, int at, Span<byte> name, out int length, out int end)
    {
        length = 0;
        var labels = new LabelCursor(message, at);
        while (labels.MoveNext(out var label))
        {
            name[length++] = (byte)label.Length;
            label.CopyTo(name[length..]);
            length += label.Length;
        }

        end = labels.End;
        name[length++] = 0;
        return !labels.IsMalformed;
    }

    /// <summary>Whether the name in a message is <paramref name="name"/>, letters alike in both cases (RFC 4343). Malformed names equal none.</summary>
    /// <param name="message">The whole message.</param>
    /// <param name="at">Where the name starts.</param>
    /// <param name="name">Expanded, with its root label.</param>
    public static bool IsSame(ReadOnlySpan<byte> message, int at, ReadOnlySpan<byte> name)
    {
        var labels = new LabelCursor(message, at);
        while (labels.MoveNext(out var label))
        {
            if (name[0] != label.Length || !Ascii.EqualsIgnoreCase(name.Slice(1, label.Length), label))
            {
                return false;
            }

            name = name[(label.Length + 1)..];
        }

        return !labels.IsMalformed && name[0] == 0;
    }

    /// <param name="name">Expanded.</param>
    public static string TextOf(ReadOnlySpan<byte> name)
    {
        var labels = new LabelCursor(name, 0);
        var text = new StringBuilder(name.Length);
        while (labels.MoveNext(out var label))
        {
            if (text.Length > 0)
            {
                text.Append('.');
            }

            foreach (var octet in label)
            {
                Append(text, octet);
            }
        }

        return text.Length > 0 ? text.ToString() : ".";
    }

    /// <summary>Text to labels, without compression.</summary>
    /// <param name="text">With or without a trailing dot; empty or <c>.</c> is the root.</param>
    /// <param name="name">At least <see cref="MaxLength"/> octets.</param>
    /// <param name="length">Octets written.</param>
    public static bool TryWrite(ReadOnlySpan<char> text, Span<byte> name, out int length)
    {
        length = 0;
        text = text is "." ? [] : text;
        while (!text.IsEmpty)
        {
            var start = length++;
            if (start >= MaxLength - 1 || !TryWriteLabel(ref text, name, ref length) || length - start - 1 is 0 or > MaxLabel)
            {
                return false;
            }

            name[start] = (byte)(length - start - 1);
        }

        name[length++] = 0;
        return true;
    }

    // One label and the dot behind it. The last octet stays free for the root.
    private static bool TryWriteLabel(ref ReadOnlySpan<char> text, Span<byte> name, ref int length)
    {
        while (!text.IsEmpty && text[0] != '.')
        {
            if (length >= MaxLength - 1 || !TryTakeOctet(ref text, out name[length]))
            {
                return false;
            }

            length++;
        }

        text = text.IsEmpty ? text : text[1..];
        return true;
    }

    private static bool TryTakeOctet(ref ReadOnlySpan<char> text, out byte octet)
    {
        var used = 1;
        var value = (int)text[0];
        if (text[0] == '\\')
        {
            var digits = text.Length >= 4 && int.TryParse(text[1..4], NumberStyles.None, CultureInfo.InvariantCulture, out value);
            value = digits ? value : text.Length >= 2 ? text[1] : -1;
            used = digits ? 4 : 2;
        }

        octet = (byte)value;
        if (value is < 0 or > byte.MaxValue)
        {
            return false;
        }

        text = text[used..];
        return true;
    }

    private static void Append(StringBuilder text, byte octet)
    {
        if (octet is (byte)'.' or (byte)'\\')
        {
            text.Append('\\').Append((char)octet);
        }
        else if (octet is > 0x20 and < 0x7F)
        {
            text.Append((char)octet);
        }
        else
        {
            text.Append(CultureInfo.InvariantCulture, $"\\{octet:D3}");
        }
    }
}
