using System.Text;
using Engine.Mail;

namespace Engine.Tests.Mail;

internal sealed class HeaderWalkerTests
{
    // Fields are shown as name|value, junk as !raw; CRLF as ¶.
    [TestCase("From: a@b¶", "From| a@b")]
    [TestCase("From: a@b¶To: c¶", "From| a@b", "To| c")]
    [TestCase("Subject: one¶ two¶\tthree¶To: c¶", "Subject| one¶ two¶\tthree", "To| c")]
    [TestCase("Subject:¶ ¶ x¶", "Subject|¶ ¶ x")]
    [TestCase("Subject:¶", "Subject|")]
    [TestCase("Subject \t: x¶", "Subject| x", Description = "RFC 5322 §4.5: blanks before the colon")]
    [TestCase("A: 1¶¶B: 2¶", "A| 1", Description = "the empty line ends the block")]
    [TestCase("A: 1¶B: 2", "A| 1", "B| 2", Description = "no CRLF at the end")]
    [TestCase("A: 1¶B: 2¶ ", "A| 1", "B| 2¶ ")]
    [TestCase(" lead¶A: 1¶", "! lead¶", "A| 1", Description = "a continuation of nothing")]
    [TestCase("From someone Sat Nov 21 10:00:00 2026¶A: 1¶", "!From someone Sat Nov 21 10:00:00 2026¶", "A| 1", Description = "mbox line")]
    [TestCase("junk¶ more¶A: 1¶", "!junk¶ more¶", "A| 1", Description = "its continuation goes with it")]
    [TestCase(": x¶A: 1¶", "!: x¶", "A| 1")]
    [TestCase("Ä: x¶A: 1¶", "!Ä: x¶", "A| 1")]
    [TestCase("A\n: x¶B: 1¶", "!A\n: x¶", "B| 1", Description = "a bare LF ends no line")]
    [TestCase("A: x\ny¶B: 1¶", "A| x\ny", "B| 1")]
    [TestCase("A: x\r¶B: 1¶", "A| x\r", "B| 1")]
    [TestCase("")]
    [TestCase("¶A: 1¶")]
    public void A_block_is_walked_as(string block, params string[] expected) => Assert.That(Walk(Octets(block)), Is.EqualTo(expected));

    [Test]
    public void Raw_spans_put_together_are_the_block()
    {
        var block = Octets("A: 1¶ 2¶junk¶ j¶B : 3¶C:¶\t¶D: x");
        var again = new List<byte>();
        foreach (var field in new HeaderWalker(block))
        {
            Assert.That(field.Offset, Is.EqualTo(again.Count));
            again.AddRange(field.Raw);
        }

        Assert.That(again, Is.EqualTo(block));
    }

    [Test]
    public void A_block_cut_anywhere_is_walked_to_its_end()
    {
        var block = Octets("From: a¶ b¶junk¶To : c¶¶");
        for (var cut = 0; cut <= block.Length; cut++)
        {
            var walker = new HeaderWalker(block.AsSpan(0, cut));
            var covered = 0;
            while (walker.MoveNext())
            {
                covered += walker.Current.Raw.Length;
            }

            Assert.That(covered, Is.EqualTo(cut == block.Length ? cut - 2 : cut), $"cut at {cut}");
            Assert.That(walker.Position, Is.EqualTo(covered));
        }
    }

    [TestCase("A: 1¶¶body", true, "A: 1¶", "body")]
    [TestCase("¶body", true, "", "body")]
    [TestCase("A: 1¶¶", true, "A: 1¶", "")]
    [TestCase("A: 1¶", false, "A: 1¶", "")]
    [TestCase("", false, "", "")]
    [TestCase("A: 1¶ ¶B: 2¶¶¶x", true, "A: 1¶ ¶B: 2¶", "¶x")]
    public void A_message_is_split_at_its_first_empty_line(string message, bool found, string head, string body)
    {
        Assert.That(HeaderWalker.TrySplit(Octets(message), out var first, out var second), Is.EqualTo(found));
        Assert.That(Text(first), Is.EqualTo(head));
        Assert.That(Text(second), Is.EqualTo(body));
    }

    [Test]
    public void Names_are_found_and_counted_in_any_case()
    {
        var block = Octets("received: 1¶From: a¶RECEIVED : 2¶Received-SPF: x¶¶Received: 3¶");

        Assert.That(HeaderWalker.Count(block, "Received"u8), Is.EqualTo(2));
        Assert.That(HeaderWalker.Count(block, "To"u8), Is.Zero);
        Assert.That(HeaderWalker.TryFind(block, "RECEIVED"u8, out var field), Is.True);
        Assert.That(Text(field.Value), Is.EqualTo(" 1"));
        Assert.That(HeaderWalker.TryFind(block, "Receive"u8, out _), Is.False);
    }

    [Test]
    public void Walking_allocates_nothing()
    {
        var block = Octets("Received: from a¶ by b¶From: x <a@b.example>¶To: c¶Subject: x¶junk¶");
        var count = HeaderWalker.Count(block, "To"u8);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 100; round++)
        {
            count += HeaderWalker.Count(block, "To"u8);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(count, Is.EqualTo(101));
    }

    private static List<string> Walk(ReadOnlySpan<byte> block)
    {
        var seen = new List<string>();
        foreach (var field in new HeaderWalker(block))
        {
            seen.Add(field.IsJunk ? "!" + Text(field.Raw) : Text(field.Name) + "|" + Text(field.Value));
        }

        return seen;
    }

    private static byte[] Octets(string text) => Encoding.Latin1.GetBytes(text.Replace("¶", "\r\n", StringComparison.Ordinal));

    private static string Text(ReadOnlySpan<byte> octets) => Encoding.Latin1.GetString(octets).Replace("\r\n", "¶", StringComparison.Ordinal);
}
