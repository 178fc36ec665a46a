namespace Engine.Dns;

/// <summary>Walks the labels of a name on the wire, through compression pointers. RFC 1035 §4.1.4.</summary>
/// <remarks>
/// A pointer must lead before everything walked so far, so that no chain of pointers can loop, and not into the header.
/// Names over 255 octets are malformed. Allocates nothing.
/// </remarks>
/// <param name="message">The whole message, header first; or an uncompressed name alone.</param>
/// <param name="start">Where the name starts.</param>
internal ref struct LabelCursor(ReadOnlySpan<byte> message, int start)
{
    private const int Pointer = 0xC0;

    private readonly ReadOnlySpan<byte> _message = message;
    private int _at = start;
    private int _floor = start;
    private int _length = 1;

    /// <summary>The place behind the name as it stands (behind its first pointer, if it has one). Valid once a pointer or the end was met.</summary>
    public int End { get; private set; } = -1;

    public bool IsMalformed { get; private set; }

    /// <returns>False at the root label and when malformed.</returns>
    public bool MoveNext(out ReadOnlySpan<byte> label)
    {
        label = default;
        while ((uint)_at < (uint)_message.Length)
        {
            int count = _message[_at];
            if (count == 0)
            {
                End = End < 0 ? _at + 1 : End;
                return false;
            }

            if ((count & Pointer) == Pointer)
            {
                if (!TryJump(count))
                {
                    break;
                }

                continue;
            }

            _length += count + 1;
            if ((count & Pointer) != 0 || _length > WireName.MaxLength || _at + 1 + count > _message.Length)
            {
                break;
            }

            label = _message.Slice(_at + 1, count);
            _at += count + 1;
            return true;
        }

        IsMalformed = true;
        return false;
    }

    private bool TryJump(int count)
    {
        if (_at + 1 >= _message.Length)
        {
            return false;
        }

        var target = ((count & ~Pointer) << 8) | _message[_at + 1];
        End = End < 0 ? _at + 2 : End;
        if (target >= _floor || target < DnsHeader.Length)
        {
            return false;
        }

        _floor = _at = target;
        return true;
    }
}
