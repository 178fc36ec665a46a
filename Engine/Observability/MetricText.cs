using System.Globalization;

namespace Engine.Observability;

/// <summary>Words of the text exposition format 0.0.4.</summary>
internal static class MetricText
{
    /// <summary>Letters, digits and underscores, no digit first; every other letter becomes an underscore.</summary>
    public static string Name(string text)
    {
        if (text.Length > 0 && !char.IsAsciiDigit(text[0]) && text.AsSpan().IndexOfAnyExcept(Allowed) < 0)
        {
            return text;
        }

        return string.Concat(text.Select((letter, at) => Allowed.Contains(letter) && (at > 0 || !char.IsAsciiDigit(letter)) ? letter : '_').DefaultIfEmpty('_'));
    }

    public static string Label(object? value) =>
        (Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty)
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);

    public static string Help(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    public static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    private static System.Buffers.SearchValues<char> Allowed { get; } =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
}
