using System.Buffers;

namespace Engine.Wire;

/// <summary>Reads message content off the wire: finds its end, takes the stuffed dots out, checks its lines. RFC 5321 §4.5.2.</summary>
/// <remarks>
/// Only CRLF ends a line and only CRLF.CRLF ends the content; a bare CR or LF is a fault (SMTP smuggling, CVE-2023-51764 and its kin).
/// It may be fed in pieces cut anywhere and keeps no octets, so what it gives out is always a slice of what it was given:
/// <code>
/// state      CR         LF           dot            other
/// LineStart  Cr         bare         Dot (dropped)  Text
/// Text       Cr         bare         Text           Text
/// Cr         bare       LineStart    bare           bare
/// Dot        DotCr      bare         Text           Text
/// DotCr      bare       End          bare           bare
/// </code>
/// </remarks>
/// <param name="isStuffed">True for DATA; false for BDAT, where a dot is a dot and somebody else counts the octets (RFC 3030).</param>
internal struct DotReader(bool isStuffed)
{
    private static readonly SearchValues<byte> Marks = SearchValues.Create("\r\n\0"u8);

    private readonly bool _isStuffed = isStuffed;
    private State _state;
    private int _line;

    private enum State : byte
    {
        LineStart,
        Text,
        Cr,
        Dot,
        DotCr,
    }

    /// <summary>Octets of the longest line so far, without its CRLF.</summary>
    public int LongestLine { get; private set; }

    /// <summary>Whether a NUL was seen; it is given out like any octet.</summary>
    public bool HasNul { get; private set; }

    /// <summary>Whether the last line is complete. False behind a lone CR, too.</summary>
    public readonly bool IsAtLineStart => _state is State.LineStart;

    /// <summary>Whether the last octet was a CR: if nothing follows, it is a bare one.</summary>
    public readonly bool IsBehindCr => _state is State.Cr or State.DotCr;

    /// <summary>Takes octets up to the next stuffed dot, the end or the end of the input.</summary>
    /// <param name="input">What was received.</param>
    /// <param name="consumed">Octets dealt with; call again with the rest.</param>
    /// <param name="run">Content: a slice of the input, perhaps empty.</param>
    public DotStatus Read(ReadOnlySpan<byte> input, out int consumed, out ReadOnlySpan<byte> run)
    {
        var (at, start) = (0, 0);
        while (at < input.Length)
        {
            switch (_state)
            {
                case State.LineStart when _isStuffed && input[at] == '.':
                    _state = State.Dot;
                    run = input[start..at];
                    consumed = at + 1;
                    return DotStatus.More;
                case State.LineStart or State.Text:
                    if (!SkipText(input, ref at))
                    {
                        return Bare(at, out consumed, out run);
                    }

                    break;
                case State.Dot when input[at] == '\r':
                    _state = State.DotCr;
                    start = ++at;
                    break;
                case State.Dot:
                    _state = State.Text;
                    break;
                case State.DotCr when input[at] == '\n':
                    _state = State.LineStart;
                    run = default;
                    consumed = at + 1;
                    return DotStatus.End;
                case State.Cr when input[at] == '\n':
                    EndLine();
                    at++;
                    break;
                default:
                    return Bare(at, out consumed, out run);
            }
        }

        run = input[start..];
        consumed = input.Length;
        return DotStatus.More;
    }

    private static DotStatus Bare(int at, out int consumed, out ReadOnlySpan<byte> run)
    {
        run = default;
        consumed = at;
        return DotStatus.BareLineEnd;
    }

    // Whole lines at once; stops at a line that begins with a dot, behind a CR that ends the input, or at a bare LF (false).
    private bool SkipText(ReadOnlySpan<byte> input, ref int at)
    {
        _state = State.Text;
        while (true)
        {
            var length = input[at..].IndexOfAny(Marks);
            var text = length < 0 ? input.Length - at : length;
            at += text;
            _line += text;
            LongestLine = Math.Max(LongestLine, _line);
            if (length < 0)
            {
                return true;
            }

            if (input[at] == '\n')
            {
                return false;
            }

            if (input[at++] == 0)
            {
                HasNul = true;
                _line++;
                continue;
            }

            if (at == input.Length || input[at] != '\n')
            {
                _state = State.Cr;
                return true;
            }

            EndLine();
            if (++at == input.Length || input[at] == '.')
            {
                return true;
            }

            _state = State.Text;
        }
    }

    private void EndLine()
    {
        _state = State.LineStart;
        _line = 0;
    }
}
