namespace Engine.Mail;

/// <summary>Walks the fields of a header block (RFC 5322 §2.2) in order, without copying or allocating.</summary>
/// <remarks>
/// Lines end with CRLF and nothing else: a bare CR or LF is an octet of its line, which is safe only because submission lets
/// none in. A line that starts with a blank continues the field above it (§2.2.3), also when it holds nothing but blanks.
/// The walk ends at the first empty line or the end of the block. Junk is reported, never skipped: some receivers take it for
/// the end of the header.
/// </remarks>
/// <param name="block">With or without the empty line and body behind it.</param>
internal ref struct HeaderWalker(ReadOnlySpan<byte> block)
{
    private readonly ReadOnlySpan<byte> _block = block;
    private HeaderField _current;
    private int _next;

    public readonly HeaderField Current => _current;

    /// <summary>Octets walked: after the last field, where the empty line stands or the block ends.</summary>
    public readonly int Position => _next;

    /// <summary>Takes a message apart at its first empty line.</summary>
    /// <param name="message">Head, empty line, body.</param>
    /// <param name="head">The header block with its last CRLF, without the empty line.</param>
    /// <param name="body">What follows the empty line; empty when there is none.</param>
    /// <returns>False when no empty line was found; then all of it is head.</returns>
    public static bool TrySplit(ReadOnlySpan<byte> message, out ReadOnlySpan<byte> head, out ReadOnlySpan<byte> body)
    {
        var at = message.StartsWith("\r\n"u8) ? 0 : message.IndexOf("\r\n\r\n"u8) + 2;
        if (at == 1)
        {
            head = message;
            body = default;
            return false;
        }

        head = message[..at];
        body = message[(at + 2)..];
        return true;
    }

    /// <summary>Finds the first field of this name.</summary>
    public static bool TryFind(ReadOnlySpan<byte> block, ReadOnlySpan<byte> name, out HeaderField field)
    {
        foreach (var candidate in new HeaderWalker(block))
        {
            if (candidate.Is(name))
            {
                field = candidate;
                return true;
            }
        }

        field = default;
        return false;
    }

    /// <summary>How often a field of this name stands in the block.</summary>
    public static int Count(ReadOnlySpan<byte> block, ReadOnlySpan<byte> name)
    {
        var count = 0;
        foreach (var field in new HeaderWalker(block))
        {
            count += field.Is(name) ? 1 : 0;
        }

        return count;
    }

    public readonly HeaderWalker GetEnumerator() => this;

    public bool MoveNext()
    {
        var start = _next;
        var rest = _block[start..];
        if (rest.IsEmpty || rest.StartsWith("\r\n"u8))
        {
            _current = default;
            return false;
        }

        var length = FieldLength(rest, out var ended);
        _next = start + length;
        _current = Field(rest[..length], start, ended ? length - 2 : length);
        return true;
    }

    // Up to and including the first CRLF that no continuation line follows.
    private static int FieldLength(ReadOnlySpan<byte> rest, out bool ended)
    {
        var length = 0;
        while (true)
        {
            var line = rest[length..].IndexOf("\r\n"u8);
            if (line < 0)
            {
                ended = false;
                return rest.Length;
            }

            length += line + 2;
            if (length == rest.Length || rest[length] is not ((byte)' ' or (byte)'\t'))
            {
                ended = true;
                return length;
            }
        }
    }

    private static HeaderField Field(ReadOnlySpan<byte> raw, int offset, int end)
    {
        var colon = raw.IndexOf((byte)':');
        var name = colon <= 0 ? default : raw[..colon].TrimEnd(" \t"u8);
        return name.IsEmpty || name.ContainsAnyExceptInRange((byte)'!', (byte)'~')
            ? new HeaderField(raw, offset, 0, 0, 0)
            : new HeaderField(raw, offset, name.Length, colon + 1, end);
    }
}
