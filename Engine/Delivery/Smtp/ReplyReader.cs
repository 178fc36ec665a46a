using System.Buffers;
using System.Buffers.Text;
using Engine.Mail;

namespace Engine.Delivery.Smtp;

/// <summary>Reads SMTP replies out of a receive buffer without copying or allocating.</summary>
/// <remarks>
/// RFC 5321 §4.2: <c>Reply-line = *( code "-" [text] CRLF ) code [ SP text ] CRLF</c>.
/// A bare LF also ends a line: deployed servers send it, and a reply carries no content that could be smuggled.
/// After any result but <see cref="ReadResult.Complete"/> the reader is spent; make a new one over the longer buffer.
/// </remarks>
internal ref struct ReplyReader(ReadOnlySequence<byte> buffer)
{
    /// <summary>Octets in one line, line end included. RFC 5321 §4.5.3.1.5 asks for 512; we allow four times that.</summary>
    public const int MaxLineLength = 2_048;

    /// <summary>Lines in one reply. A bound against a hostile peer; the standard sets none.</summary>
    public const int MaxLines = 128;

    // "250-" plus the longest enhanced code, "5.999.999 ", rounded up.
    private const int HeadLength = 16;

    private SequenceReader<byte> _reader = new(buffer);

    /// <summary>Octets taken by the replies returned so far.</summary>
    public long Consumed { get; private set; }

    public ReadResult TryRead(out Reply reply)
    {
        reply = default;
        var start = _reader.Position;
        Span<byte> spill = stackalloc byte[HeadLength];
        var (code, enhanced) = (0, default(EnhancedCode));

        for (var lines = 0; lines < MaxLines; lines++)
        {
            if (!_reader.TryReadTo(out ReadOnlySequence<byte> line, (byte)'\n'))
            {
                return _reader.Remaining > MaxLineLength ? ReadResult.Malformed : ReadResult.NeedMore;
            }

            var head = Head(line, spill);
            if (line.Length >= MaxLineLength || !TryReadCode(head, out var lineCode, out var isLast))
            {
                return ReadResult.Malformed;
            }

            if (lines == 0)
            {
                code = lineCode;
                enhanced = ReadEnhanced(head, lineCode);
            }
            else if (lineCode != code)
            {
                return ReadResult.Malformed;
            }

            if (isLast)
            {
                Consumed = _reader.Consumed;
                reply = new Reply((ushort)code, enhanced, _reader.Sequence.Slice(start, _reader.Position));
                return ReadResult.Complete;
            }
        }

        return ReadResult.Malformed;
    }

    // The first octets of a line, contiguous. A line split over two segments is rare, so its head is copied.
    private static ReadOnlySpan<byte> Head(ReadOnlySequence<byte> line, Span<byte> spill)
    {
        var head = line.Slice(0, Math.Min(line.Length, HeadLength));
        if (head.IsSingleSegment)
        {
            return head.FirstSpan.TrimEnd((byte)'\r');
        }

        head.CopyTo(spill);
        return spill[..(int)head.Length].TrimEnd((byte)'\r');
    }

    private static bool TryReadCode(ReadOnlySpan<byte> head, out int code, out bool isLast)
    {
        (code, isLast) = (0, true);
        if (head is not [>= (byte)'2' and <= (byte)'5', >= (byte)'0' and <= (byte)'9', >= (byte)'0' and <= (byte)'9', .. var rest])
        {
            return false;
        }

        code = ((head[0] - '0') * 100) + ((head[1] - '0') * 10) + (head[2] - '0');
        isLast = rest is not [(byte)'-', ..];
        return rest is [] or [(byte)' ' or (byte)'-', ..];
    }

    // RFC 2034 §4: the code stands first in the text, and its class agrees with the reply's first digit.
    private static EnhancedCode ReadEnhanced(ReadOnlySpan<byte> head, int code)
    {
        if (head.Length < 9 || head[4] - '0' != code / 100 || head[5] != '.')
        {
            return default;
        }

        var rest = head[6..];
        return Utf8Parser.TryParse(rest, out ushort subject, out var used)
            && used < rest.Length
            && rest[used] == '.'
            && Utf8Parser.TryParse(rest[(used + 1)..], out ushort detail, out _)
            && subject < 1_000
            && detail < 1_000
            ? new EnhancedCode((byte)(code / 100), subject, detail)
            : default;
    }
}
