using System.Text;
using Engine.Dns;

namespace Engine.Tests.Dns;

internal sealed class WireNameTests
{
    [TestCase("mail.example", "\u0004mail\u0007example\0")]
    [TestCase("mail.example.", "\u0004mail\u0007example\0", Description = "a trailing dot changes nothing")]
    [TestCase(".", "\0")]
    [TestCase("", "\0")]
    [TestCase(@"a\.b.c", "\u0003a.b\u0001c\0")]
    [TestCase(@"a\\b", "\u0003a\\b\0")]
    [TestCase(@"\032\000", "\u0002 \0\0")]
    public void Text_becomes_labels(string text, string wire)
    {
        var name = new byte[WireName.MaxLength];

        Assert.That(WireName.TryWrite(text, name, out var length), Is.True);
        Assert.That(Encoding.Latin1.GetString(name, 0, length), Is.EqualTo(wire));
    }

    [TestCase("a..b")]
    [TestCase(".a")]
    [TestCase(@"a\")]
    [TestCase(@"\256")]
    [TestCase("ü€")]
    public void What_is_no_name_is_not_written(string text) => Assert.That(WireName.TryWrite(text, new byte[WireName.MaxLength], out _), Is.False);

    [TestCase(63, true)]
    [TestCase(64, false)]
    public void A_label_has_at_most_63_octets(int count, bool fits) =>
        Assert.That(WireName.TryWrite(new string('a', count), new byte[WireName.MaxLength], out _), Is.EqualTo(fits));

    [TestCase(61, true, Description = "64 + 64 + 64 + 62 + 1 = 255")]
    [TestCase(62, false)]
    public void A_name_has_at_most_255_octets(int last, bool fits)
    {
        var text = string.Join('.', Enumerable.Repeat(new string('a', 63), 3).Append(new string('b', last)));
        var name = new byte[WireName.MaxLength];

        Assert.That(WireName.TryWrite(text, name, out var length), Is.EqualTo(fits));
        Assert.That(!fits || WireName.TextOf(name.AsSpan(0, length)) == text, Is.True);
    }

    [TestCase("mail.example")]
    [TestCase(".")]
    [TestCase(@"a\.b\\c.\032\200x")]
    public void Text_reads_back(string text)
    {
        var name = new byte[WireName.MaxLength];
        Assert.That(WireName.TryWrite(text, name, out var length), Is.True);

        Assert.That(WireName.TextOf(name.AsSpan(0, length)), Is.EqualTo(text));
    }

    // The message is a header of twelve octets, then what stands here; the name starts at the offset.
    [TestCase("01610000", 12, "a")]
    [TestCase("0161000162C00C", 15, "b.a")]
    [TestCase("01610001" + "62C00C" + "0163C00F", 19, "c.b.a", Description = "a pointer to a pointer")]
    public void A_compressed_name_is_expanded(string hex, int at, string expected)
    {
        var message = Message(hex);
        var name = new byte[WireName.MaxLength];

        Assert.That(WireName.TryExpand(message, at, name, out var length, out var end), Is.True);
        Assert.That(WireName.TextOf(name.AsSpan(0, length)), Is.EqualTo(expected));

        var skipped = at;
        Assert.That(WireName.TrySkip(message, ref skipped), Is.True);
        Assert.That(end, Is.EqualTo(skipped));
    }

    [TestCase("C00C", 12, Description = "a pointer to itself")]
    [TestCase("0161C00C", 12, Description = "a pointer to the name it ends")]
    [TestCase("C00E0161C00C", 14, Description = "a loop of two")]
    [TestCase("C00E016100", 12, Description = "a pointer forward")]
    [TestCase("C004", 12, Description = "a pointer into the header")]
    [TestCase("C0FF", 12, Description = "a pointer out of the message")]
    [TestCase("C0", 12, Description = "half a pointer")]
    [TestCase("0361", 12, Description = "a label longer than the message")]
    [TestCase("0161", 12, Description = "no root")]
    [TestCase("4061", 12, Description = "a label type that is not ours")]
    [TestCase("8061", 12, Description = "another")]
    [TestCase("", 12, Description = "nothing")]
    public void A_bad_name_is_refused(string hex, int at)
    {
        var message = Message(hex);

        Assert.That(WireName.TryExpand(message, at, new byte[WireName.MaxLength], out _, out _), Is.False);
        Assert.That(WireName.IsSame(message, at, "\u0001a\0"u8), Is.False);
    }

    [Test]
    public void A_name_that_grows_beyond_255_octets_by_pointers_is_refused()
    {
        // Each name is a label of 63 octets and a pointer to the one before: the fourth has 257.
        var message = new List<byte>(new byte[DnsHeader.Length]);
        var starts = new List<int>();
        for (var count = 0; count < 4; count++)
        {
            starts.Add(message.Count);
            message.AddRange([63, .. Enumerable.Repeat((byte)'x', 63)]);
            message.AddRange(count == 0 ? [0] : [0xC0, (byte)starts[count - 1]]);
        }

        var octets = message.ToArray();
        Assert.That(WireName.TryExpand(octets, starts[2], new byte[WireName.MaxLength], out _, out _), Is.True);
        Assert.That(WireName.TryExpand(octets, starts[3], new byte[WireName.MaxLength], out _, out _), Is.False);
    }

    [TestCase("\u0004MAIL\u0001x\0", true)]
    [TestCase("\u0004mail\0", false)]
    [TestCase("\u0004mail\u0001x\u0001y\0", false)]
    [TestCase("\u0004mall\u0001x\0", false)]
    public void Names_are_compared_without_case(string other, bool same) =>
        Assert.That(WireName.IsSame(Encoding.Latin1.GetBytes("\u0004mail\u0001X\0"), 0, Encoding.Latin1.GetBytes(other)), Is.EqualTo(same));

    private static byte[] Message(string hex) => [.. new byte[DnsHeader.Length], .. Convert.FromHexString(hex)];
}
