using System.Buffers;
using System.Globalization;
using System.Text;

namespace Engine.Demo;

/// <summary>Writes letters that look like mail: text and HTML, 2 to 30 KiB, lines that start with a dot, some octets above 127.</summary>
/// <remarks>The same number gives the same letter. Thread-safe.</remarks>
internal sealed class LetterWriter
{
    private const int Bodies = 29;
    private const string Boundary = "=_demo-part";

    private static readonly string[] Words =
    [
        "invoice", "parcel", "meeting", "garden", "ticket", "weather", "newsletter", "offer", "account", "library", "café", "Zürich", "coffee",
        "delivery", "summer", "platform", "customer", "question", "letter", "window", "river", "music", "journey", "engine", "receipt", "señor",
    ];

    private readonly IReadOnlyList<string> _domains;
    private readonly string? _refusedDomain;
    private readonly TimeProvider _clock;
    private readonly ReadOnlyMemory<byte>[] _bodies;

    /// <param name="domains">Of recipients, taken in turn.</param>
    /// <param name="refusedDomain">One of them, where every tenth recipient is called <c>gone</c>; null for none.</param>
    /// <param name="clock">For the Date field.</param>
    public LetterWriter(IReadOnlyList<string> domains, string? refusedDomain, TimeProvider clock)
    {
        (_domains, _refusedDomain, _clock) = (domains, refusedDomain, clock);
        _bodies = [.. Enumerable.Range(0, Bodies).Select(static index => Body((index + 1) * 1_024, new Random(index)))];
    }

    public Letter Write(long number)
    {
        var isMarketing = number % 3 != 0;
        var sender = isMarketing ? "letters@news.demo.test" : "shop@demo.test";
        var recipients = Recipients(number);
        var body = _bodies[number * 7 % Bodies];
        var content = new ArrayBufferWriter<byte>(body.Length + 1_024);
        Encoding.UTF8.GetBytes(Head(number, sender, recipients, isMarketing), content);
        content.Write(body.Span);
        return new Letter(number, sender, recipients, content.WrittenMemory);
    }

    // One in ten has two recipients, one in twenty three.
    private string[] Recipients(long number)
    {
        var count = number % 20 == 7 ? 3 : number % 10 == 3 ? 2 : 1;
        return [.. Enumerable.Range(0, count).Select(index => Recipient(number, index))];
    }

    private string Recipient(long number, int index)
    {
        var domain = _domains[(int)((number + index) % _domains.Count)];
        var name = domain == _refusedDomain && number / _domains.Count % 10 == 0 ? "gone" : "reader";
        return string.Create(CultureInfo.InvariantCulture, $"{name}.{number}.{index}@{domain}");
    }

    private string Head(long number, string sender, string[] recipients, bool isMarketing)
    {
        var now = _clock.GetUtcNow();
        var stream = isMarketing ? "X-Engine-Stream: marketing\r\nX-Engine-Campaign: demo\r\n" : "X-Engine-Stream: transactional\r\n";
        var word = Words[number % 10];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            From: "Demo {(isMarketing ? "Letters" : "Shop")}" <{sender}>
            To: {string.Join(",\r\n ", recipients.Select(static one => $"<{one}>"))}
            Subject: Your {word} no. {number}
            Date: {now:ddd, dd MMM yyyy HH:mm:ss} +0000
            Message-ID: <{number}.{now.ToUnixTimeMilliseconds()}@demo.test>
            X-Demo-Number: {number}
            {stream}MIME-Version: 1.0
            Content-Type: multipart/alternative; boundary="{Boundary}"


            """).ReplaceLineEndings("\r\n");
    }

    private static ReadOnlyMemory<byte> Body(int size, Random random)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"--{Boundary}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n");
        Lines(text, size * 2 / 5, random, string.Empty, string.Empty);
        text.Append(CultureInfo.InvariantCulture, $"\r\n--{Boundary}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n<html><body>\r\n");
        Lines(text, size - 120, random, "<p>", "</p>");
        text.Append(CultureInfo.InvariantCulture, $"</body></html>\r\n\r\n--{Boundary}--\r\n.\r\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    // About every twentieth line starts with a dot, which is doubled here.
    private static void Lines(StringBuilder text, int size, Random random, string before, string after)
    {
        while (text.Length < size)
        {
            text.Append(random.Next(20) == 0 ? "..and so on " : before);
            for (var count = random.Next(4, 11); count > 0; count--)
            {
                text.Append(Words[random.Next(Words.Length)]).Append(' ');
            }

            text.Append(after).Append("\r\n");
        }
    }
}
