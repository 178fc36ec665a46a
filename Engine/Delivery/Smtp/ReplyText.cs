using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Engine.Delivery.Smtp;

/// <summary>The text of replies as people and the event log see it. One for each session; not thread-safe.</summary>
/// <remarks>
/// Reply codes and the enhanced code are taken off every line, lines are joined by a space. Control octets, NUL, bytes that are no
/// UTF-8 and invisible characters (bidi overrides above all) become <c>\xNN</c>: a terminal or a log reader never acts on them.
/// A text equal to the one before is the same string, so servers that always answer alike cost no allocation.
/// </remarks>
internal sealed class ReplyText
{
    /// <summary>Octets of a refusal's text, in UTF-8. events.md.</summary>
    public const int MaxLength = 1_024;

    /// <summary>Octets of a success' text: enough for the receiver's queue id.</summary>
    public const int MaxSuccessLength = 128;

    private string _last = string.Empty;

    public string Of(in Reply reply)
    {
        Span<byte> text = stackalloc byte[MaxLength];
        var limit = reply.Severity is Severity.Positive ? MaxSuccessLength : MaxLength;
        text = text[..Write(reply, text[..limit])];

        if (!Matches(text, _last))
        {
            _last = Encoding.UTF8.GetString(text);
        }

        return _last;
    }

    private static bool Matches(ReadOnlySpan<byte> text, string last) =>
        text.Length == last.Length ? Ascii.Equals(text, last) : text.Length > last.Length && text.SequenceEqual(Encoding.UTF8.GetBytes(last));

    private static int Write(in Reply reply, Span<byte> target)
    {
        Span<byte> enhanced = stackalloc byte[16];
        enhanced = enhanced[..EnhancedPrefix(reply, enhanced)];
        var written = 0;

        foreach (var line in new ReplyLines(reply))
        {
            var text = (!enhanced.IsEmpty && line.StartsWith(enhanced) ? line[enhanced.Length..] : line).Trim((byte)' ');
            if (text.IsEmpty)
            {
                continue;
            }

            if (written > 0 && written < target.Length)
            {
                target[written++] = (byte)' ';
            }

            if (!TryWrite(text, target, ref written))
            {
                break;
            }
        }

        return written;
    }

    // "5.1.1 " with the space, so that 5.1.1 does not eat the start of 5.1.10; nothing when the reply carries no code.
    private static int EnhancedPrefix(in Reply reply, Span<byte> target)
    {
        if (!reply.Enhanced.IsPresent)
        {
            return 0;
        }

        var (status, subject, detail) = reply.Enhanced;
        return Utf8.TryWrite(target, CultureInfo.InvariantCulture, $"{status}.{subject}.{detail} ", out var written) ? written : 0;
    }

    private static bool TryWrite(ReadOnlySpan<byte> text, Span<byte> target, ref int written)
    {
        while (!text.IsEmpty)
        {
            var plain = text.IndexOfAnyExceptInRange((byte)' ', (byte)'~');
            plain = plain < 0 ? text.Length : plain;
            var taken = Math.Min(plain, target.Length - written);
            text[..taken].CopyTo(target[written..]);
            written += taken;
            text = text[taken..];

            if (taken < plain)
            {
                return false;
            }

            if (!text.IsEmpty && !TryWriteOther(ref text, target, ref written))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryWriteOther(ref ReadOnlySpan<byte> text, Span<byte> target, ref int written)
    {
        var status = Rune.DecodeFromUtf8(text, out var rune, out var used);
        if (status is OperationStatus.Done && IsVisible(rune))
        {
            if (target.Length - written < used)
            {
                return false;
            }

            text[..used].CopyTo(target[written..]);
            written += used;
        }
        else
        {
            foreach (var octet in text[..used])
            {
                if (target.Length - written < 4)
                {
                    return false;
                }

                Escape(octet, target[written..]);
                written += 4;
            }
        }

        text = text[used..];
        return true;
    }

    private static bool IsVisible(Rune rune) => Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    private static void Escape(byte octet, Span<byte> target)
    {
        target[0] = (byte)'\\';
        target[1] = (byte)'x';
        octet.TryFormat(target[2..], out _, "X2", CultureInfo.InvariantCulture);
    }
}
