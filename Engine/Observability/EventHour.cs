using System.Globalization;

namespace Engine.Observability;

/// <summary>The hour (UTC) whose events stand in one file. Hours sort as their text does.</summary>
/// <param name="Value">Hours since 1970-01-01.</param>
internal readonly record struct EventHour(int Value) : IComparable<EventHour>
{
    private const string Format = "yyyyMMddHH";

    public DateTimeOffset Start => DateTimeOffset.UnixEpoch.AddHours(Value);

    public static bool operator <(EventHour left, EventHour right) => left.Value < right.Value;

    public static bool operator >(EventHour left, EventHour right) => left.Value > right.Value;

    public static bool operator <=(EventHour left, EventHour right) => left.Value <= right.Value;

    public static bool operator >=(EventHour left, EventHour right) => left.Value >= right.Value;

    public static EventHour Of(DateTimeOffset time) => new((int)((time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerHour));

    /// <summary>Reads <c>2026112205</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out EventHour hour)
    {
        var good = DateTimeOffset.TryParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time);
        hour = good ? Of(time) : default;
        return good;
    }

    public int CompareTo(EventHour other) => Value.CompareTo(other.Value);

    public override string ToString() => Start.ToString(Format, CultureInfo.InvariantCulture);
}
