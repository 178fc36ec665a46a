using System.Diagnostics.CodeAnalysis;

namespace Engine.Dkim;

/// <summary>Reads the <c>tag=value; tag=value</c> form of signatures and key records. RFC 6376 §3.2.</summary>
internal static class TagList
{
    /// <summary>Values keep their inner blanks, lose their folding; a tag that stands twice, or has no name, spoils the list.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Dictionary<string, string>? tags)
    {
        tags = null;
        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        var parts = text.Replace("\r\n", string.Empty, StringComparison.Ordinal).Split(';');
        for (var at = 0; at < parts.Length; at++)
        {
            var part = parts[at].Trim(' ', '\t');
            if (part.Length == 0 && at == parts.Length - 1)
            {
                break;
            }

            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !read.TryAdd(part[..equals].TrimEnd(' ', '\t'), part[(equals + 1)..].TrimStart(' ', '\t')))
            {
                return false;
            }
        }

        tags = read;
        return read.Count > 0;
    }

    /// <summary>Base64 with blanks allowed in it; null when it is none.</summary>
    public static byte[]? Decode(string text)
    {
        var octets = new byte[text.Length];
        return Convert.TryFromBase64String(text, octets, out var length) && length > 0 ? octets[..length] : null;
    }

    /// <summary>The parts of a value separated by colons, without the blanks round them.</summary>
    public static string[] List(string value) => value.Split(':', StringSplitOptions.TrimEntries);
}
