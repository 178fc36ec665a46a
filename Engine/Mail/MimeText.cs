using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Engine.Mail;

/// <summary>Text out of octets: line ends, transfer encodings, charsets. Never throws; what cannot be read is left as it stands. Any thread.</summary>
internal static class MimeText
{
    // A status or an explanation is short; what is longer holds the returned mail.
    private const int MaxEncoded = 1 << 18;

    /// <summary>Octets as characters (Latin-1), CRLF and lone CR made LF, cut to <see cref="MimeTree.MaxLength"/>.</summary>
    /// <param name="mail">The mail as it came.</param>
    /// <param name="target">At least as long as what is taken.</param>
    /// <returns>Characters written.</returns>
    public static int Widen(ReadOnlySpan<byte> mail, Span<char> target)
    {
        mail = mail[..Math.Min(mail.Length, MimeTree.MaxLength)];
        var length = 0;
        while (!mail.IsEmpty)
        {
            var end = mail.IndexOf((byte)'\r');
            var run = end < 0 ? mail : mail[..end];
            Encoding.Latin1.GetChars(run, target[length..]);
            length += run.Length;
            if (end < 0)
            {
                break;
            }

            mail = mail[end..];
            var lines = mail.IndexOfAnyExcept((byte)'\r');
            lines = lines < 0 ? mail.Length : lines;

            // CRLF, and CR CR LF as some gateways write, end one line; other CRs end one each.
            var ended = lines < mail.Length && mail[lines] == '\n' ? 1 : lines;
            target.Slice(length, ended).Fill('\n');
            length += ended;
            mail = mail[(lines < mail.Length && mail[lines] == '\n' ? lines + 1 : lines)..];
        }

        return length;
    }

    /// <summary>The body of a part as text: decoded, in its charset. Borrows where there is nothing to decode.</summary>
    public static ReadOnlyMemory<char> Of(in MimePart part)
    {
        var body = part.Body;
        if (part.Encoding is TransferEncoding.Identity && !NeedsCharset(body.Span))
        {
            return body;
        }

        body = body[..Math.Min(body.Length, MaxEncoded)];
        var octets = ArrayPool<byte>.Shared.Rent(body.Length + 4);
        try
        {
            Encoding.Latin1.GetBytes(body.Span, octets);
            var length = part.Encoding switch
            {
                TransferEncoding.QuotedPrintable => Unquote(octets.AsSpan(0, body.Length)),
                TransferEncoding.Base64 => Unpack(octets.AsSpan(0, body.Length)),
                _ => body.Length,
            };
            return Decode(octets.AsSpan(0, length), part.Charset).AsMemory();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(octets);
        }
    }

    /// <summary>Octets of a charset as text, lines ended by LF. An unknown charset is taken for UTF-8 where it is that, else for Latin-1.</summary>
    /// <param name="octets">The octets.</param>
    /// <param name="charset">In lower case; empty for none.</param>
    public static string Decode(ReadOnlySpan<byte> octets, ReadOnlySpan<char> charset)
    {
        var text = Find(octets, charset).GetString(octets);
        return text.Contains('\r', StringComparison.Ordinal) ? text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n') : text;
    }

    /// <summary>A header value with its encoded words decoded (RFC 2047), on one line.</summary>
    public static string Words(ReadOnlySpan<char> value)
    {
        if (!value.Contains("=?", StringComparison.Ordinal))
        {
            return value.ToString();
        }

        var text = new StringBuilder(value.Length);
        while (value.IndexOf("=?") is >= 0 and var start)
        {
            var plain = value[..start];
            text.Append(plain.IsWhiteSpace() && text.Length > 0 ? default : plain);
            value = value[start..];
            if (!TryWord(value, out var word, out var length))
            {
                text.Append("=?");
                length = 2;
            }

            text.Append(word);
            value = value[length..];
        }

        return text.Append(value).ToString();
    }

    private static bool TryWord(ReadOnlySpan<char> text, out string word, out int length)
    {
        word = string.Empty;
        length = 0;
        Span<Range> parts = stackalloc Range[4];
        var end = text.Length > 6 ? text[2..Math.Min(text.Length, 400)].IndexOf("?=") : -1;
        end = end >= 0 && text[2..(end + 2)].EndsWith("?Q", StringComparison.OrdinalIgnoreCase) ? text[(end + 4)..Math.Min(text.Length, 400)].IndexOf("?=") is >= 0 and var more ? end + 2 + more : -1 : end;
        if (end < 0 || text[2..(end + 2)].Split(parts, '?') != 3)
        {
            return false;
        }

        var inner = text[2..(end + 2)];
        var octets = new byte[inner.Length];
        var count = Encoding.Latin1.GetBytes(inner[parts[2]], octets);
        if (inner[parts[1]] is ['q' or 'Q'])
        {
            octets.AsSpan(0, count).Replace((byte)'_', (byte)' ');
            count = Unquote(octets.AsSpan(0, count));
        }
        else
        {
            count = Unpack(octets.AsSpan(0, count));
        }

        word = Decode(octets.AsSpan(0, count), inner[parts[0]].ToString().ToLowerInvariant());
        length = end + 4;
        return true;
    }

    private static bool NeedsCharset(ReadOnlySpan<char> text) => text.ContainsAnyInRange('\u0080', '\u00FF') || text.Contains('\u001B');

    private static Encoding Find(ReadOnlySpan<byte> octets, ReadOnlySpan<char> charset)
    {
        if (octets.Contains((byte)0x1B) && octets.IndexOfAny("\u001B$"u8) >= 0 && !octets.ContainsAnyInRange((byte)0x80, (byte)0xFF))
        {
            return CodePagesEncodingProvider.Instance.GetEncoding("iso-2022-jp") ?? Encoding.Latin1;
        }

        return charset is "" or "us-ascii" or "utf-8" or "utf8" or "unicode-1-1-utf-7" or "utf-7" || !octets.ContainsAnyInRange((byte)0x80, (byte)0xFF)
            ? (System.Text.Unicode.Utf8.IsValid(octets) ? Encoding.UTF8 : Encoding.Latin1)
            : CodePagesEncodingProvider.Instance.GetEncoding(charset.ToString()) ?? (System.Text.Unicode.Utf8.IsValid(octets) ? Encoding.UTF8 : Encoding.Latin1);
    }

    // RFC 2045 §6.7, in place: soft line ends go, what is no hexadecimal stays.
    private static int Unquote(Span<byte> text)
    {
        var (from, to) = (0, 0);
        while (from < text.Length)
        {
            var octet = text[from];
            if (octet != '=')
            {
                text[to++] = octet;
                from++;
            }
            else if (from + 2 < text.Length && char.IsAsciiHexDigit((char)text[from + 1]) && char.IsAsciiHexDigit((char)text[from + 2]))
            {
                text[to++] = (byte)((Value(text[from + 1]) << 4) | Value(text[from + 2]));
                from += 3;
            }
            else
            {
                var blank = from + 1;
                while (blank < text.Length && text[blank] is (byte)' ' or (byte)'\t')
                {
                    blank++;
                }

                var isSoft = blank >= text.Length || text[blank] == '\n';
                from = isSoft ? blank + 1 : from + 1;
                to = isSoft ? to : Put(text, to);
            }
        }

        return to;
    }

    private static int Put(Span<byte> text, int at)
    {
        text[at] = (byte)'=';
        return at + 1;
    }

    private static int Value(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;

    // In place; what stands between is passed over, what does not fit at the end is dropped.
    private static int Unpack(Span<byte> text)
    {
        var count = 0;
        foreach (var octet in text)
        {
            if (octet == '=')
            {
                break;
            }

            text[count] = octet;
            count += char.IsAsciiLetterOrDigit((char)octet) || octet is (byte)'+' or (byte)'/' ? 1 : 0;
        }

        count -= count % 4 == 1 ? 1 : 0;
        var groups = text[..(count / 4 * 4)];
        Base64.DecodeFromUtf8InPlace(groups, out var written);
        if (count % 4 > 1)
        {
            Span<byte> last = [(byte)'A', (byte)'A', (byte)'A', (byte)'A'];
            text[groups.Length..count].CopyTo(last);
            Base64.DecodeFromUtf8InPlace(last, out _);
            last[..((count % 4) - 1)].CopyTo(text[written..]);
            written += (count % 4) - 1;
        }

        return written;
    }
}
