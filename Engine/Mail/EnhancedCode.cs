using System.Globalization;

namespace Engine.Mail;

/// <summary>Enhanced mail system status code, RFC 3463. The default value means that none was given.</summary>
/// <param name="Class">2 success, 4 transient, 5 permanent; 0 when absent.</param>
/// <param name="Subject">0–999.</param>
/// <param name="Detail">0–999.</param>
internal readonly record struct EnhancedCode(byte Class, ushort Subject, ushort Detail)
{
    public bool IsPresent => Class != 0;

    /// <summary>Reads <c>5.1.1</c>; anything else gives the default value.</summary>
    public static EnhancedCode Parse(ReadOnlySpan<char> text)
    {
        Span<Range> parts = stackalloc Range[4];
        return text.Split(parts, '.') == 3
            && byte.TryParse(text[parts[0]], NumberStyles.None, CultureInfo.InvariantCulture, out var status)
            && status is 2 or 4 or 5
            && ushort.TryParse(text[parts[1]], NumberStyles.None, CultureInfo.InvariantCulture, out var subject)
            && ushort.TryParse(text[parts[2]], NumberStyles.None, CultureInfo.InvariantCulture, out var detail)
            && subject < 1_000
            && detail < 1_000
            ? new EnhancedCode(status, subject, detail)
            : default;
    }

    public override string ToString() => IsPresent ? $"{Class}.{Subject}.{Detail}" : string.Empty;
}
