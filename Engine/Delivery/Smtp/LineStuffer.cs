using System.Numerics;
using System.Runtime.Intrinsics;

namespace Engine.Delivery.Smtp;

/// <summary>Copies content to the wire form of DATA: a dot at the start of a line is doubled (RFC 5321 §4.5.2). Refuses what could be taken for another line end.</summary>
/// <remarks>
/// A machine over octets: pieces may be cut anywhere. A bare CR or LF and NUL stop it, because receivers disagree about them and a
/// second message could hide behind one (SMTP smuggling). One pass in blocks of 64 octets; each octet class becomes one bit mask.
/// </remarks>
/// <param name="doublesDots">False for BDAT, which only checks (RFC 3030 §2).</param>
internal struct LineStuffer(bool doublesDots)
{
    private readonly bool _doublesDots = doublesDots;

    // Bit 0: the octet before was CR, or LF. The content starts as if a line had just ended.
    private ulong _wasCr;
    private ulong _wasLf = 1;

    /// <summary>True before the first octet and after CRLF.</summary>
    public readonly bool IsAtLineStart => _wasLf == 1;

    /// <summary>True when the last octet was a CR: content may not end here.</summary>
    public readonly bool IsInsideLineEnd => _wasCr == 1;

    /// <summary>Copies as much as fits.</summary>
    /// <returns>False at a bare CR, a bare LF or a NUL: nothing of the target may be sent.</returns>
    public bool TryCopy(ReadOnlySpan<byte> source, Span<byte> target, out int consumed, out int written)
    {
        (consumed, written) = (0, 0);
        while (consumed < source.Length && written < target.Length)
        {
            var window = source[consumed..Math.Min(source.Length, consumed + target.Length - written)];
            var plain = PlainLength(window);
            window[..plain].CopyTo(target[written..]);
            consumed += plain;
            written += plain;

            if (plain == window.Length)
            {
                continue;
            }

            // A dot behind a bare CR is no dot at the start of a line.
            if (window[plain] != '.' || _wasLf == 0)
            {
                return false;
            }

            // The doubling dot; the content's own follows in the next round, now in the middle of a line.
            target[written++] = (byte)'.';
            _wasLf = 0;
        }

        return true;
    }

    // Octets up to the first that needs care: a dot at the start of a line, or what may not leave.
    private int PlainLength(ReadOnlySpan<byte> window)
    {
        var at = 0;
        for (; window.Length - at >= Vector512<byte>.Count; at += Vector512<byte>.Count)
        {
            var block = Vector512.Create(window[at..]);
            var cr = Vector512.Equals(block, Vector512.Create((byte)'\r')).ExtractMostSignificantBits();
            var lf = Vector512.Equals(block, Vector512.Create((byte)'\n')).ExtractMostSignificantBits();
            var care = (((cr << 1) | _wasCr) ^ lf) | Vector512.Equals(block, Vector512<byte>.Zero).ExtractMostSignificantBits();
            if (_doublesDots)
            {
                care |= ((lf << 1) | _wasLf) & Vector512.Equals(block, Vector512.Create((byte)'.')).ExtractMostSignificantBits();
            }

            if (care != 0)
            {
                var first = BitOperations.TrailingZeroCount(care);
                _wasCr = first > 0 ? (cr >> (first - 1)) & 1 : _wasCr;
                _wasLf = first > 0 ? (lf >> (first - 1)) & 1 : _wasLf;
                return at + first;
            }

            (_wasCr, _wasLf) = (cr >> 63, lf >> 63);
        }

        return PlainTailLength(window, at);
    }

    private int PlainTailLength(ReadOnlySpan<byte> window, int at)
    {
        for (; at < window.Length; at++)
        {
            var octet = window[at];
            var isLf = octet == '\n';
            if (isLf != (_wasCr == 1) || octet == 0 || (_doublesDots && octet == '.' && _wasLf == 1))
            {
                return at;
            }

            _wasCr = octet == '\r' ? 1UL : 0;
            _wasLf = isLf ? 1UL : 0;
        }

        return at;
    }
}
