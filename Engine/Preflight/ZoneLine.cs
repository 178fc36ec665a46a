namespace Engine.Preflight;

/// <summary>Records as a zone file holds them, with a fully qualified owner. RFC 1035 §5.1.</summary>
internal static class ZoneLine
{
    // RFC 1035 §3.3: a character-string has one octet for its length.
    private const int MaxString = 255;

    public static string Txt(string name, string text) =>
        $"{name}. IN TXT {string.Join(' ', text.Chunk(MaxString).Select(static part => $"\"{new string(part).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""))}";

    public static string Mx(string name, string host) => $"{name}. IN MX 10 {host}.";

    public static string Ptr(string reverse, string host) => $"{reverse}. IN PTR {host}.";

    public static string Address(string name, System.Net.IPAddress address) =>
        $"{name}. IN {(address.AddressFamily is System.Net.Sockets.AddressFamily.InterNetwork ? "A" : "AAAA")} {address}";
}
