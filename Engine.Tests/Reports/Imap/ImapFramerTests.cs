using System.Text;
using Engine.Reports.Imap;

namespace Engine.Tests.Reports.Imap;

internal sealed class ImapFramerTests
{
    [TestCase("* OK hello\r\n", 12)]
    [TestCase("* OK a\r\n* OK b\r\n", 8)]
    [TestCase("* 1 FETCH (BODY[HEADER] {3}\r\na\r\n)\r\nE1 OK\r\n", 35)]
    [TestCase("* 1 FETCH (A {0}\r\n B {2+}\r\nxy)\r\n", 32)]
    [TestCase("* OK ~{2}\r\nab\r\n", 15)]
    [TestCase("* OK {x}\r\n", 10)]
    [TestCase("* OK {}\r\n", 9)]
    public void A_response_ends_behind_its_literals(string text, int expected) =>
        Assert.That((ImapFramer.Find(Encoding.ASCII.GetBytes(text), out var length), length), Is.EqualTo((ImapFrame.Complete, expected)));

    [TestCase("* OK hel")]
    [TestCase("* 1 FETCH (BODY[HEADER] {3}\r\na")]
    [TestCase("* 1 FETCH (BODY[HEADER] {3}\r\nabc)")]
    [TestCase("")]
    public void More_is_awaited(string text) => Assert.That(ImapFramer.Find(Encoding.ASCII.GetBytes(text), out _), Is.EqualTo(ImapFrame.NeedMore));

    [TestCase("* OK {131073}\r\n")]
    [TestCase("* OK {99999999999999999999}\r\n")]
    [TestCase("* OK {4294967297}\r\n")]
    public void A_huge_literal_is_not_taken(string text) => Assert.That(ImapFramer.Find(Encoding.ASCII.GetBytes(text), out _), Is.EqualTo(ImapFrame.TooLong));

    [Test]
    public void Neither_is_an_endless_line_nor_a_chain_of_literals()
    {
        Assert.That(ImapFramer.Find(Encoding.ASCII.GetBytes(new string('x', ImapFramer.MaxLine + 1)), out _), Is.EqualTo(ImapFrame.TooLong));
        Assert.That(ImapFramer.Find(Encoding.ASCII.GetBytes($"{new string('x', ImapFramer.MaxLine)}\r\n"), out _), Is.EqualTo(ImapFrame.TooLong));
        var chain = string.Concat(Enumerable.Repeat($"{{60000}}\r\n{new string('y', 60_000)}", 4));
        Assert.That(ImapFramer.Find(Encoding.ASCII.GetBytes(chain), out _), Is.EqualTo(ImapFrame.TooLong));
    }

    [Test]
    public void A_scanner_reads_strings_of_every_form_and_survives_what_is_none()
    {
        var scanner = new ImapScanner("LIST (\\HasNoChildren \\Junk) \"/\" {6}\r\nJ \"n k\r\n"u8);
        Assert.That(Encoding.ASCII.GetString(scanner.Word()), Is.EqualTo("LIST"));
        Assert.That(scanner.Take((byte)'('), Is.True);
        Assert.That((scanner.Word().Length, scanner.Word().Length, scanner.Word().Length), Is.EqualTo((14, 5, 0)));
        Assert.That(scanner.Take((byte)')'), Is.True);
        Assert.That((Encoding.ASCII.GetString(scanner.String()), Encoding.ASCII.GetString(scanner.String())), Is.EqualTo(("/", "J \"n k")));
        Assert.That(scanner.IsAtEnd, Is.True);

        var quoted = new ImapScanner("\"a \\\"b\\\\\" NIL atom \"open"u8);
        Assert.That((Encoding.ASCII.GetString(quoted.String()), quoted.String().Length, Encoding.ASCII.GetString(quoted.String()), Encoding.ASCII.GetString(quoted.String())), Is.EqualTo(("a \"b\\", 0, "atom", "open")));
    }
}
