using System.Globalization;
using Engine.Configuration.Reading;
using Engine.Configuration.Shapes;

namespace Engine.Configuration.Binding;

/// <summary>The scalars of engine.json: read, written, compared, and named for the operator.</summary>
internal static class ScalarText
{
    /// <summary>Reads a value of the type; null when it is none.</summary>
    public static object? Read(Type type, Setting setting) => (setting.Kind, setting.Text) switch
    {
        (SettingKind.Text, var text) when type == typeof(string) => text,
        (SettingKind.Text, var text) => Parse(type, text),
        (SettingKind.Boolean, var text) when type == typeof(bool) => text == "true",
        (SettingKind.Number, var text) when type == typeof(int) || type == typeof(double) || type == typeof(ByteSize) => ParseNumber(type, text),
        _ => null,
    };

    /// <summary>Reads a bound of an attribute, written in the unit of the type.</summary>
    public static double Bound(Type type, string text) => Weight(Parse(type, text) ?? ParseNumber(type, text)!);

    /// <summary>A number to compare by.</summary>
    public static double Weight(object value) => value switch
    {
        TimeSpan duration => duration.Ticks,
        ByteSize size => size.Octets,
        Rate rate => rate.PerSecond,
        _ => Convert.ToDouble(value, CultureInfo.InvariantCulture),
    };

    /// <summary>The text that reads back as the value; for a truth value or number what JSON writes.</summary>
    public static string Write(object value) => value switch
    {
        string text => text,
        bool truth => truth ? "true" : "false",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        TimeSpan duration => WriteDuration(duration),
        Enum member => Spelling.Of(member.GetType(), member),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty,
    };

    /// <summary>What a value of the type looks like, for a finding.</summary>
    public static string Expected(Type type) => type switch
    {
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(int) => "a whole number",
        _ when type == typeof(double) => "a number",
        _ when type == typeof(TimeSpan) => "a duration such as \"250ms\", \"30s\", \"5m\", \"72h\" or \"14d\"",
        _ when type == typeof(ByteSize) => "a size such as \"64KiB\", \"25MiB\" or \"1GiB\"",
        _ when type == typeof(Rate) => "a rate such as \"100/s\", \"500/h burst 10\" or \"1000/d\"",
        { IsEnum: true } => Expected(Spelling.All(type)),
        _ => "a text",
    };

    public static string Expected(IReadOnlyList<string> texts) =>
        texts.Count == 1 ? $"\"{texts[0]}\"" : $"{string.Join(", ", texts.SkipLast(1).Select(text => $"\"{text}\""))} or \"{texts[^1]}\"";

    // The largest unit that gives a whole number; days from two on, as one says 24h.
    private static string WriteDuration(TimeSpan duration)
    {
        var (unit, ticks) = duration.Ticks switch
        {
            0 => ("s", TimeSpan.TicksPerSecond),
            >= 2 * TimeSpan.TicksPerDay and var long_ when long_ % TimeSpan.TicksPerDay == 0 => ("d", TimeSpan.TicksPerDay),
            var whole when whole % TimeSpan.TicksPerHour == 0 => ("h", TimeSpan.TicksPerHour),
            var whole when whole % TimeSpan.TicksPerMinute == 0 => ("m", TimeSpan.TicksPerMinute),
            var whole when whole % TimeSpan.TicksPerSecond == 0 => ("s", TimeSpan.TicksPerSecond),
            _ => ("ms", TimeSpan.TicksPerMillisecond),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / ticks}{unit}");
    }

    private static object? Parse(Type type, string text) => type switch
    {
        { IsEnum: true } => Spelling.Parse(type, text),
        _ when type == typeof(TimeSpan) => Units.TryParseDuration(text, out var duration) ? duration : null,
        _ when type == typeof(ByteSize) => Units.TryParseSize(text, out var size) ? size : null,
        _ when type == typeof(Rate) => Units.TryParseRate(text, out var rate) ? rate : null,
        _ => null,
    };

    private static object? ParseNumber(Type type, string text) => type switch
    {
        _ when type == typeof(ByteSize) => Units.TryParseSize(text, out var size) ? size : null,
        _ when type == typeof(int) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole : null,
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null,
    };
}
