using System.Globalization;

namespace Engine.Configuration;

/// <summary>Reads the units of engine.json.</summary>
internal static class Units
{
    /// <summary><c>250ms 30s 5m 72h 14d</c>: a whole number and its unit.</summary>
    public static bool TryParseDuration(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = default;
        var digits = text.IndexOfAnyExceptInRange('0', '9');
        if (digits <= 0 || digits > 9 || !long.TryParse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return false;
        }

        var unit = text[digits..] switch
        {
            "ms" => TimeSpan.TicksPerMillisecond,
            "s" => TimeSpan.TicksPerSecond,
            "m" => TimeSpan.TicksPerMinute,
            "h" => TimeSpan.TicksPerHour,
            "d" => TimeSpan.TicksPerDay,
            _ => 0,
        };
        if (unit == 0 || count > TimeSpan.MaxValue.Ticks / unit)
        {
            return false;
        }

        duration = TimeSpan.FromTicks(count * unit);
        return true;
    }

    /// <summary><c>64KiB 25MiB 1GiB 2TiB</c>, or octets: <c>4096</c>, <c>4096B</c>.</summary>
    public static bool TryParseSize(ReadOnlySpan<char> text, out ByteSize size)
    {
        size = default;
        var digits = text.IndexOfAnyExceptInRange('0', '9');
        digits = digits < 0 ? text.Length : digits;
        if (digits is 0 or > 15 || !long.TryParse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return false;
        }

        var shift = text[digits..] switch { "" or "B" => 0, "KiB" => 10, "MiB" => 20, "GiB" => 30, "TiB" => 40, _ => -1 };
        if (shift < 0 || count > long.MaxValue >> shift)
        {
            return false;
        }

        size = new ByteSize(count << shift);
        return true;
    }

    /// <summary><c>100/s</c>, <c>500/h burst 10</c>.</summary>
    public static bool TryParseRate(string text, out Rate rate)
    {
        rate = default;
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts is not ([_] or [_, "burst", _]) || parts[0].Split('/') is not [var amount, var unit])
        {
            return false;
        }

        var per = unit switch { "s" => TimeSpan.FromSeconds(1), "m" => TimeSpan.FromMinutes(1), "h" => TimeSpan.FromHours(1), "d" => TimeSpan.FromDays(1), _ => TimeSpan.Zero };
        var burst = 0;
        if (per == TimeSpan.Zero
            || !double.TryParse(amount, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
            || count is not (> 0 and <= 1e9)
            || (parts.Length == 3 && (!int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out burst) || burst < 1)))
        {
            return false;
        }

        rate = new Rate(count, per, burst > 0 ? burst : (int)Math.Clamp(count / per.TotalSeconds, 1, 1_000_000));
        return true;
    }
}
