using System.Text;
using System.Text.RegularExpressions;
using Engine.Mail;

namespace Engine.Reports.Seeds;

/// <summary>Reads what a receiver wrote into the header of a probe. It is another's text: bounded, and believed only for tables.</summary>
internal static partial class SeedHeader
{
    private const int MaxField = 4_096;

    /// <summary>Methods and results of the topmost Authentication-Results (RFC 8601), as <c>spf=pass dkim=pass dmarc=pass</c>; empty when there is none.</summary>
    public static string VerdictIn(ReadOnlySpan<byte> header)
    {
        foreach (var field in new HeaderWalker(header))
        {
            if (field.Is("Authentication-Results"u8))
            {
                var found = new Dictionary<string, string>(StringComparer.Ordinal);
                foreach (Match match in Method().Matches(TextOf(field.Value)))
                {
                    found.TryAdd(match.Groups[1].Value.ToLowerInvariant(), match.Groups[2].Value.ToLowerInvariant());
                }

                return string.Join(' ', found.Select(one => $"{one.Key}={one.Value}"));
            }
        }

        return string.Empty;
    }

    /// <summary>The Received fields, topmost first, at most 20.</summary>
    public static IReadOnlyList<string> ReceivedIn(ReadOnlySpan<byte> header)
    {
        var received = new List<string>();
        foreach (var field in new HeaderWalker(header))
        {
            if (field.Is("Received"u8) && received.Count < 20)
            {
                received.Add(TextOf(field.Value));
            }
        }

        return received;
    }

    private static string TextOf(ReadOnlySpan<byte> value) => Encoding.UTF8.GetString(value[..Math.Min(value.Length, MaxField)]);

    [GeneratedRegex(@"(?:^|[;\s])(spf|dkim|dmarc)\s*=\s*([A-Za-z]{1,16})", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Method();
}
