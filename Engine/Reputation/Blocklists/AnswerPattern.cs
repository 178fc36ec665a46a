using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Engine.Reputation.Blocklists;

/// <summary>
/// Which answers a rule is for: <c>127.0.0.4-7=XBL</c>, each octet behind the first a number, a range or <c>*</c>; or <c>bit 8=phishing</c>,
/// one bit of the last octet of 127.0.0.0/24 (RFC 5782 §2.3). What stands behind <c>=</c> is the meaning, which may be missing.
/// </summary>
/// <param name="Second">Second octet.</param>
/// <param name="Third">Third octet.</param>
/// <param name="Last">Last octet; any for a bit.</param>
/// <param name="Bit">1, 2, 4 … 128; 0 when the rule goes by ranges.</param>
/// <param name="Meaning">For the operator; empty when the zone says no more.</param>
internal readonly record struct AnswerPattern(OctetRange Second, OctetRange Third, OctetRange Last, byte Bit, string Meaning)
{
    private const string BitWord = "bit ";

    public static bool TryParse(string text, out AnswerPattern pattern)
    {
        pattern = default;
        var (code, meaning) = text.Split('=', 2, StringSplitOptions.TrimEntries) is [var left, var right] ? (left, right) : (text.Trim(), string.Empty);
        if (code.StartsWith(BitWord, StringComparison.Ordinal))
        {
            var isRead = byte.TryParse(code.AsSpan(BitWord.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var bit);
            pattern = new AnswerPattern(OctetRange.Zero, OctetRange.Zero, OctetRange.Any, bit, meaning);
            return isRead && byte.IsPow2(bit);
        }

        if (code.Split('.') is not ["127", var second, var third, var last]
            || !OctetRange.TryParse(second, out var b)
            || !OctetRange.TryParse(third, out var c)
            || !OctetRange.TryParse(last, out var d))
        {
            return false;
        }

        pattern = new AnswerPattern(b, c, d, 0, meaning);
        return true;
    }

    public bool Matches(IPAddress address)
    {
        Span<byte> octets = stackalloc byte[16];
        return address.AddressFamily is AddressFamily.InterNetwork
            && address.TryWriteBytes(octets, out _)
            && octets[0] == 127
            && Second.Holds(octets[1])
            && Third.Holds(octets[2])
            && Last.Holds(octets[3])
            && (Bit == 0 || (octets[3] & Bit) != 0);
    }

    /// <summary>
    /// Whether two rules could claim one answer. Two bits may stand in one answer, and the sterner rule wins by order; they overlap only when they
    /// are the same bit.
    /// </summary>
    public bool Overlaps(AnswerPattern other) =>
        Second.Meets(other.Second)
        && Third.Meets(other.Third)
        && Last.Meets(other.Last)
        && (Bit == 0 || other.Bit == 0 ? MeetsBit(other) : Bit == other.Bit);

    private bool MeetsBit(AnswerPattern other)
    {
        for (var octet = Math.Max(Last.Low, other.Last.Low); octet <= Math.Min(Last.High, other.Last.High); octet++)
        {
            if ((Bit == 0 || (octet & Bit) != 0) && (other.Bit == 0 || (octet & other.Bit) != 0))
            {
                return true;
            }

            if (octet == byte.MaxValue)
            {
                break;
            }
        }

        return false;
    }
}
