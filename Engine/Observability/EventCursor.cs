using System.Globalization;

namespace Engine.Observability;

/// <summary>A place in the event log: behind the last line that was read. The default value is the beginning of everything.</summary>
/// <param name="Hour">The file.</param>
/// <param name="Offset">Octets into it, as it was before compression; so it stays good when the file is compressed.</param>
internal readonly record struct EventCursor(EventHour Hour, long Offset)
{
    /// <summary>Reads <c>2026112205:18223</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out EventCursor cursor)
    {
        cursor = default;
        var colon = text.IndexOf(':');
        if (colon < 0
            || !EventHour.TryParse(text[..colon], out var hour)
            || !long.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var offset))
        {
            return false;
        }

        cursor = new EventCursor(hour, offset);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Hour}:{Offset}");
}
