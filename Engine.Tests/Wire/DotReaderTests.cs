using System.Text;
using Engine.Wire;

namespace Engine.Tests.Wire;

internal sealed class DotReaderTests
{
    [TestCase("a\r\n.\r\n", "a\r\n")]
    [TestCase(".\r\n", "", Description = "an empty content")]
    [TestCase("..\r\n.\r\n", ".\r\n")]
    [TestCase("..a\r\n.b\r\n...\r\n.\r\n", ".a\r\nb\r\n..\r\n")]
    [TestCase("a.\r\n.b.\r\n.\r\n", "a.\r\nb.\r\n")]
    [TestCase("\r\n\r\n.\r\n", "\r\n\r\n")]
    [TestCase("a\0b\r\n.\r\n", "a\0b\r\n")]
    [TestCase("\0.\r\n.\r\n", "\0.\r\n", Description = "a NUL hides no dot")]
    public void Content_is_unstuffed_at_every_cut(string wire, string content)
    {
        foreach (var pieces in Cuts(wire + "QUIT\r\n"))
        {
            var (status, text, rest) = Read(pieces, isStuffed: true);

            Assert.That(status, Is.EqualTo(DotStatus.End));
            Assert.That(text, Is.EqualTo(content));
            Assert.That(rest, Is.EqualTo("QUIT\r\n"), "octets behind the end were touched");
        }
    }

    [TestCase("\n.\n")]
    [TestCase("\n.\r")]
    [TestCase("\r.\n")]
    [TestCase("\r.\r")]
    [TestCase("\n.\r\n")]
    [TestCase("\r.\r\n")]
    [TestCase("\r\n.\r\r\n")]
    [TestCase("\r\r\n.\r\r\n")]
    [TestCase("\r\n.\n")]
    [TestCase("a\rb")]
    [TestCase("\r\n.\ra")]
    [TestCase(".\n")]
    [TestCase(".\ra")]
    public void A_bare_line_end_is_found_at_every_cut(string wire)
    {
        foreach (var pieces in Cuts("x" + wire + "y"))
        {
            Assert.That(Read(pieces, isStuffed: true).Status, Is.EqualTo(DotStatus.BareLineEnd));
        }
    }

    [Test]
    public void A_chunk_keeps_its_dots()
    {
        foreach (var pieces in Cuts("..\r\n.\r\na"))
        {
            var (status, text, _) = Read(pieces, isStuffed: false);

            Assert.That(status, Is.EqualTo(DotStatus.More));
            Assert.That(text, Is.EqualTo("..\r\n.\r\na"));
        }
    }

    [Test]
    public void The_longest_line_is_measured_without_its_end()
    {
        foreach (var pieces in Cuts("abc\r\nabcde\r\na\r\n.\r\n"))
        {
            var reader = new DotReader(isStuffed: true);
            _ = Read(ref reader, pieces);

            Assert.That(reader.LongestLine, Is.EqualTo(5));
            Assert.That(reader.HasNul, Is.False);
        }
    }

    private static (DotStatus Status, string Text, string Left) Read(string[] pieces, bool isStuffed)
    {
        var reader = new DotReader(isStuffed);
        return Read(ref reader, pieces);
    }

    private static (DotStatus Status, string Text, string Left) Read(ref DotReader reader, string[] pieces)
    {
        var text = new StringBuilder();
        for (var at = 0; at < pieces.Length; at++)
        {
            var input = Encoding.Latin1.GetBytes(pieces[at]).AsSpan();
            while (!input.IsEmpty)
            {
                var status = reader.Read(input, out var consumed, out var run);
                _ = text.Append(Encoding.Latin1.GetString(run));
                input = input[consumed..];
                if (status is not DotStatus.More)
                {
                    return (status, text.ToString(), Encoding.Latin1.GetString(input) + string.Concat(pieces[(at + 1)..]));
                }
            }
        }

        return (DotStatus.More, text.ToString(), string.Empty);
    }

    // Whole, in two at every place, and octet by octet.
    private static IEnumerable<string[]> Cuts(string text)
    {
        yield return [text];
        yield return [.. text.Select(letter => letter.ToString())];
        for (var cut = 1; cut < text.Length; cut++)
        {
            yield return [text[..cut], text[cut..]];
        }
    }
}
