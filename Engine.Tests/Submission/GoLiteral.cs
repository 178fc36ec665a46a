using System.Globalization;
using System.Text;

namespace Engine.Tests.Submission;

/// <summary>Reads the last quoted literal of a Go fuzz corpus file (<c>go test fuzz v1</c>).</summary>
internal static class GoLiteral
{
    public static byte[] LastOf(string file)
    {
        var line = File.ReadLines(file, Encoding.UTF8).Last(text => text.Contains('"', StringComparison.Ordinal));
        var text = line[(line.IndexOf('"', StringComparison.Ordinal) + 1)..line.LastIndexOf('"')];
        var octets = new List<byte>();
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != '\\')
            {
                var rune = Rune.GetRuneAt(text, at);
                at += rune.Utf16SequenceLength - 1;
                octets.AddRange(Encoding.UTF8.GetBytes(rune.ToString()));
                continue;
            }

            at++;
            if (text[at] == 'x')
            {
                octets.Add(byte.Parse(text.AsSpan(at + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                at += 2;
                continue;
            }

            octets.Add(text[at] switch { 'n' => (byte)'\n', 'r' => (byte)'\r', 't' => (byte)'\t', var letter => (byte)letter });
        }

        return [.. octets];
    }
}
