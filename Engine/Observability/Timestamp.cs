using System.Globalization;
using System.Text;

namespace Engine.Observability;

/// <summary>Times in the event log: RFC 3339, UTC, milliseconds, always as long, so that they sort as text.</summary>
internal static class Timestamp
{
    /// <summary>Octets of <c>2026-11-22T05:04:03.123Z</c>.</summary>
    public const int Length = 24;

    /// <param name="time">Any offset; written as UTC, milliseconds cut off.</param>
    /// <param name="target">At least <see cref="Length"/> octets.</param>
    public static void Write(DateTimeOffset time, Span<byte> target)
    {
        var utc = time.UtcDateTime;
        "0000-00-00T00:00:00.000Z"u8.CopyTo(target);
        Digits(target[..4], utc.Year);
        Digits(target[5..7], utc.Month);
        Digits(target[8..10], utc.Day);
        Digits(target[11..13], utc.Hour);
        Digits(target[14..16], utc.Minute);
        Digits(target[17..19], utc.Second);
        Digits(target[20..23], utc.Millisecond);
    }

    public static string Format(DateTimeOffset time)
    {
        Span<byte> text = stackalloc byte[Length];
        Write(time, text);
        return Encoding.ASCII.GetString(text);
    }

    public static bool TryParse(ReadOnlySpan<byte> text, out DateTimeOffset time)
    {
        time = default;
        Span<char> letters = stackalloc char[Length];
        return text.Length == Length
            && Encoding.ASCII.TryGetChars(text, letters, out _)
            && DateTimeOffset.TryParseExact(letters, "yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
    }

    private static void Digits(Span<byte> target, int value)
    {
        for (var at = target.Length - 1; at >= 0; at--, value /= 10)
        {
            target[at] = (byte)('0' + (value % 10));
        }
    }
}
