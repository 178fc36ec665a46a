using Engine.Mail;

namespace Engine.Submission;

/// <summary>One reply to a client.</summary>
/// <param name="Code">200–599.</param>
/// <param name="Enhanced">RFC 2034; default for the greeting, EHLO and 3xx, which carry none.</param>
/// <param name="Text">Our own words, never the client's; lines parted by LF.</param>
internal readonly record struct Reply(ushort Code, EnhancedCode Enhanced, string Text)
{
    public bool IsRefusal => Code >= 400;

    /// <summary>Takes the wire form of a one-line reply: <c>250 2.1.0 Ok</c>.</summary>
    public static Reply Parse(string line)
    {
        var parts = line.Split(' ', 3);
        var code = ushort.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture);
        var enhanced = parts.Length > 1 ? EnhancedCode.Parse(parts[1]) : default;
        return new Reply(code, enhanced, enhanced.IsPresent ? parts[2] : line[4..]);
    }

    /// <summary>The last line as it goes out, without CRLF.</summary>
    public override string ToString() => Enhanced.IsPresent ? $"{Code} {Enhanced} {Text}" : $"{Code} {Text}";
}
