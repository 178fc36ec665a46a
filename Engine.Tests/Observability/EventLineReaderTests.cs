using System.Text;
using Engine.Observability;

namespace Engine.Tests.Observability;

internal sealed class EventLineReaderTests
{
    private const string Text = "one\n\ntwo two\nthree\nno end";

    [Test]
    public void Where_reads_end_makes_no_difference([Range(1, 26)] int count)
    {
        using var stream = new Slow(Encoding.ASCII.GetBytes(Text), count);
        var reader = new EventLineReader(stream);
        var lines = new List<string>();
        while (reader.TryRead(out var line))
        {
            lines.Add(Encoding.ASCII.GetString(line.Span));
        }

        Assert.That(lines, Is.EqualTo(["one", string.Empty, "two two", "three"]));
        Assert.That(reader.Consumed, Is.EqualTo(Text.LastIndexOf('\n') + 1));
    }

    [Test]
    public void A_line_may_be_longer_than_the_buffer()
    {
        var text = $"a\n{new string('x', 1_000_000)}\nb\n";
        using var stream = new Slow(Encoding.ASCII.GetBytes(text), 100_000);
        var reader = new EventLineReader(stream);
        var lengths = new List<int>();
        while (reader.TryRead(out var line))
        {
            lengths.Add(line.Length);
        }

        Assert.That(lengths, Is.EqualTo([1, 1_000_000, 1]));
    }

    private sealed class Slow(byte[] octets, int atMost) : MemoryStream(octets)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, atMost));
    }
}
