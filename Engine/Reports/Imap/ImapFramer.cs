using System.Buffers.Text;

namespace Engine.Reports.Imap;

/// <summary>Finds the end of a response, literals and all. RFC 9051 §2.2.2, §4.3. No I/O.</summary>
internal static class ImapFramer
{
    /// <summary>Octets of a line without its literals; a SEARCH or CAPABILITY may be long.</summary>
    public const int MaxLine = 16_384;

    /// <summary>Octets of a literal: a header block.</summary>
    public const int MaxLiteral = 131_072;

    /// <summary>Octets of a response.</summary>
    public const int MaxResponse = 196_608;

    /// <param name="octets">From the start of a response on.</param>
    /// <param name="length">Octets of it, CRLF included, when complete.</param>
    public static ImapFrame Find(ReadOnlySpan<byte> octets, out int length)
    {
        length = 0;
        while (true)
        {
            var end = octets[length..].IndexOf((byte)'\n');
            if (end < 0)
            {
                return octets.Length - length > MaxLine ? ImapFrame.TooLong : ImapFrame.NeedMore;
            }

            var line = octets.Slice(length, end + 1);
            length += line.Length;
            if (line.Length > MaxLine || length > MaxResponse)
            {
                return ImapFrame.TooLong;
            }

            if (LiteralAt(line) is not { } literal)
            {
                return ImapFrame.Complete;
            }

            if (literal > MaxLiteral || length + literal > MaxResponse)
            {
                return ImapFrame.TooLong;
            }

            length += literal;
            if (octets.Length < length)
            {
                return ImapFrame.NeedMore;
            }
        }
    }

    /// <summary>The size a line announces at its end, as in <c>{42}</c>; null for none. One too big to say is the greatest there is.</summary>
    public static int? LiteralAt(ReadOnlySpan<byte> line)
    {
        line = line.TrimEnd("\r\n"u8);
        if (line is not [.., (byte)'}'] || line.LastIndexOf((byte)'{') is not (>= 0 and var open))
        {
            return null;
        }

        var digits = line[(open + 1)..^1].TrimEnd((byte)'+');
        if (digits.Length == 0 || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return null;
        }

        return Utf8Parser.TryParse(digits, out int size, out _) ? size : int.MaxValue;
    }
}
