using System.Text;

namespace Engine.Tests.Peers;

/// <summary>Messages of every odd shape a signer may meet, the same for the same seed. CRLF line ends, no bare CR or LF.</summary>
internal sealed class DkimMessages(int seed)
{
    private static readonly string[] Words =
        ["Hello", "world", "  two", "\ttab", "trailing ", "é", "ÿþ", "=?utf-8?q?x?=", "a;b=c", "(comment)", "<x@y.example>", "b=bogus", ".", "dkim"];

    private static readonly string[] Names =
    [
        "To", "CC", "Subject", "DATE", "Message-Id", "Reply-To", "Sender", "MIME-Version", "Content-Type", "content-transfer-encoding",
        "In-Reply-To", "References", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "Feedback-ID", "Resent-From", "Resent-Date",
        "X-Free", "Received", "Return-Path",
    ];

    private readonly Random _random = new(seed);

    public byte[] Next()
    {
        var text = new StringBuilder();
        var fields = _random.Next(1, 25);
        var from = _random.Next(fields);
        for (var at = 0; at < fields; at++)
        {
            Field(text, at == from ? "From" : Names[_random.Next(Names.Length)]);
        }

        text.Append("\r\n");
        Body(text);
        return Encoding.Latin1.GetBytes(text.ToString());
    }

    private void Field(StringBuilder text, string name)
    {
        text.Append(name).Append(':');
        if (name == "From")
        {
            text.Append(Fold()).Append("A <a@acme.example>").Append(_random.Next(3) == 0 ? Fold() + "(c)" : string.Empty).Append("\r\n");
            return;
        }

        var words = _random.Next(20) == 0 ? 300 : _random.Next(8);
        for (var at = 0; at < words; at++)
        {
            text.Append(_random.Next(4) == 0 ? Fold() : " ").Append(Words[_random.Next(Words.Length)]);
        }

        text.Append(_random.Next(5) == 0 ? " \t" : string.Empty).Append("\r\n");
    }

    private string Fold() => new[] { " ", "\r\n ", "\r\n\t", " \r\n  ", "\t " }[_random.Next(5)];

    private void Body(StringBuilder text)
    {
        var lines = _random.Next(6) switch { 0 => 0, 1 => 1, 2 => 400, _ => _random.Next(20) };
        for (var at = 0; at < lines; at++)
        {
            for (var words = _random.Next(4) == 0 ? 0 : _random.Next(15); words > 0; words--)
            {
                text.Append(Words[_random.Next(Words.Length)]).Append(_random.Next(3) == 0 ? string.Empty : " ");
            }

            text.Append(at == lines - 1 && _random.Next(4) == 0 ? string.Empty : "\r\n");
        }

        text.Append(new[] { "", "", " ", "\r\n\r\n", " \r\n\t\r\n" }[_random.Next(5)]);
    }
}
