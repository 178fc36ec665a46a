using System.Text;
using Engine.Mail;
using Engine.Tests.Submission;

namespace Engine.Tests.Mail;

internal sealed class MailboxTests
{
    [TestCase("a@b.example", "a", "b.example")]
    [TestCase("A.b+c=d/e@B.Example", "A.b+c=d/e", "b.example")]
    [TestCase("!#$%&'*-?^_`{|}~@b.example", "!#$%&'*-?^_`{|}~", "b.example")]
    [TestCase("\"a b\"@c.example", "\"a b\"", "c.example")]
    [TestCase("\"a\\\"b\"@c.example", "\"a\\\"b\"", "c.example")]
    [TestCase("\"a@b\"@c.example", "\"a@b\"", "c.example")]
    [TestCase("\"\"@c.example", "\"\"", "c.example")]
    [TestCase("a@localhost", "a", "localhost")]
    [TestCase("a@b.example.", "a", "b.example")]
    [TestCase("a@BÜCHER.example", "a", "xn--bcher-kva.example")]
    [TestCase("jürgen@b.example", "jürgen", "b.example")]
    public void An_address_is_read(string text, string local, string domain)
    {
        Assert.That(Mailbox.TryParse(Encoding.UTF8.GetBytes(text), allowUtf8: true, out var mailbox), Is.True);
        Assert.That(Encoding.UTF8.GetString(mailbox.Local), Is.EqualTo(local));
        Assert.That(mailbox.Domain.Name, Is.EqualTo(domain));
        Assert.That(mailbox.ToString(), Is.EqualTo(text));
    }

    [TestCase("")]
    [TestCase("a")]
    [TestCase("@b.example")]
    [TestCase("a@")]
    [TestCase("a@@b.example")]
    [TestCase("a@b@c.example")]
    [TestCase(".a@b.example")]
    [TestCase("a.@b.example")]
    [TestCase("a..b@c.example")]
    [TestCase("a b@c.example")]
    [TestCase(" a@b.example")]
    [TestCase("a@b.example ")]
    [TestCase("a@b .example")]
    [TestCase("a@b..example")]
    [TestCase("a@.example")]
    [TestCase("a@[192.0.2.1]")]
    [TestCase("a@b.example>")]
    [TestCase("<a@b.example>")]
    [TestCase("a(c)@b.example")]
    [TestCase("a,b@c.example")]
    [TestCase("a:b@c.example")]
    [TestCase("a\\b@c.example")]
    [TestCase("\"a@b.example")]
    [TestCase("\"a\"b@c.example")]
    [TestCase("\"a\\\"@b.example")]
    [TestCase("x\"a\"@b.example")]
    [TestCase("a@b/c.example")]
    public void What_is_no_address_is_refused(string text) =>
        Assert.That(Mailbox.TryParse(Encoding.UTF8.GetBytes(text), allowUtf8: true, out _), Is.False);

    [Test]
    public void No_control_octet_passes_anywhere([Range(0, 31)] int octet)
    {
        foreach (var pattern in new[] { "a?b@c.example", "?a@c.example", "\"a?b\"@c.example", "\"a\\?\"@c.example", "a@c?.example", "a@?c.example", "a@c.example?" })
        {
            var octets = Encoding.ASCII.GetBytes(pattern.Replace('?', (char)octet));
            Assert.That(Mailbox.TryParse(octets, allowUtf8: true, out _), Is.False, pattern);
        }
    }

    [Test]
    public void Del_and_broken_utf8_do_not_pass()
    {
        foreach (var octet in new byte[] { 127, 0x80, 0xC0, 0xFF })
        {
            Assert.That(Mailbox.TryParse((byte[])[(byte)'a', octet, .. "@b.example"u8], allowUtf8: true, out _), Is.False);
            Assert.That(Mailbox.TryParse((byte[])[.. "\"a"u8, octet, .. "\"@b.example"u8], allowUtf8: true, out _), Is.False);
        }
    }

    [TestCase(64, true)]
    [TestCase(65, false)]
    public void A_local_part_has_a_limit(int length, bool isGood) =>
        Assert.That(Mailbox.TryParse(Encoding.ASCII.GetBytes(new string('a', length) + "@b.example"), allowUtf8: false, out _), Is.EqualTo(isGood));

    [TestCase(254, true)]
    [TestCase(255, false)]
    public void An_address_has_a_limit(int length, bool isGood)
    {
        var domain = string.Join('.', Enumerable.Repeat(new string('d', 49), 5))[..(length - 11)] + ".example";

        Assert.That(Mailbox.TryParse(Encoding.ASCII.GetBytes("aa@" + domain), allowUtf8: false, out _), Is.EqualTo(isGood));
    }

    [Test]
    public void Utf8_is_taken_only_where_it_was_asked_for()
    {
        Assert.That(Mailbox.TryParse("jürgen@b.example"u8.ToArray(), allowUtf8: false, out _), Is.False);
        Assert.That(Mailbox.Parse("jürgen@b.example").IsAscii, Is.False);
    }

    [Test]
    public void Equal_addresses_are_equal_values_and_a_copy_owns_its_octets()
    {
        var octets = "a@B.example"u8.ToArray();
        Assert.That(Mailbox.TryParse(octets, allowUtf8: false, out var mailbox), Is.True);
        var copy = mailbox.Detach();
        octets[0] = (byte)'x';

        Assert.That(copy, Is.EqualTo(Mailbox.Parse("a@b.EXAMPLE")));
        Assert.That(copy.GetHashCode(), Is.EqualTo(Mailbox.Parse("a@b.EXAMPLE").GetHashCode()));
        Assert.That(copy != Mailbox.Parse("A@b.example"), Is.True);
        Assert.That(default(Mailbox).IsNull, Is.True);
        Assert.That(default(Mailbox).Detach().IsNull, Is.True);
    }

    // The seeds are words and one address; none may throw, and what is taken reads back.
    [TestCase("31400a53be6363c9", null)]
    [TestCase("7aba1e0ef80990cc", "throne")]
    [TestCase("ccde73fe7b735280", null)]
    public void Fuzz_seeds_are_taken_or_refused_at_every_cut(string seed, string? domain)
    {
        var octets = GoLiteral.LastOf(SharedFiles.Path($"fuzz-seeds/address/{seed}"));

        Assert.That(Mailbox.TryParse(octets, allowUtf8: true, out var whole), Is.EqualTo(domain is not null));
        Assert.That(whole.Domain.Name, Is.EqualTo(domain ?? string.Empty));
        for (var cut = 0; cut < octets.Length; cut++)
        {
            if (Mailbox.TryParse(octets.AsMemory(0, cut), allowUtf8: true, out var mailbox))
            {
                Assert.That(Mailbox.Parse(mailbox.ToString()), Is.EqualTo(mailbox));
            }
        }
    }
}
