using System.Buffers;

namespace Engine.Demo;

/// <summary>Takes the dots out of content on the wire and finds its end, CRLF.CRLF and nothing else. RFC 5321 §4.5.2.</summary>
internal struct DotScan()
{
    private static ReadOnlySpan<byte> End => "\r\n"u8;

    // The line end before the first line of content is the one of the DATA command.
    private bool _isLineStart = true;

    /// <param name="input">What came.</param>
    /// <param name="content">Takes the content.</param>
    /// <param name="used">Octets of input that need not be shown again.</param>
    /// <returns>True when the final dot was met.</returns>
    public bool Advance(ReadOnlySpan<byte> input, IBufferWriter<byte> content, out int used)
    {
        used = 0;
        while (used < input.Length)
        {
            var rest = input[used..];
            if (_isLineStart && rest[0] == '.')
            {
                var behind = rest[1..];
                if (behind.StartsWith(End))
                {
                    used += 3;
                    return true;
                }

                if (End.StartsWith(behind))
                {
                    return false;
                }

                used++;
                _isLineStart = false;
                continue;
            }

            var line = rest.IndexOf("\r\n."u8);
            var taken = line >= 0 ? line + 2 : rest.Length - Ending(rest);
            content.Write(rest[..taken]);
            used += taken;
            _isLineStart = line >= 0;
            if (line < 0)
            {
                return FinishPiece(rest[taken..], content, ref used);
            }
        }

        return false;
    }

    // A CRLF at the very end is content whatever follows; a lone CR is kept until it is known what follows.
    private bool FinishPiece(ReadOnlySpan<byte> tail, IBufferWriter<byte> content, ref int used)
    {
        if (tail.Length == 2)
        {
            content.Write(tail);
            used += 2;
            _isLineStart = true;
        }

        return false;
    }

    private static int Ending(ReadOnlySpan<byte> rest) => rest.EndsWith(End) ? 2 : rest[^1] == '\r' ? 1 : 0;
}
