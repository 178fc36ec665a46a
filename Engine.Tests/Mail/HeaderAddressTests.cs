using System.Text;
using Engine.Mail;

namespace Engine.Tests.Mail;

internal sealed class HeaderAddressTests
{
    [TestCase("a@b.example", "a", "b.example")]
    [TestCase(" <a@b.example>", "a", "b.example")]
    [TestCase("Alice <a@B.Example>", "a", "b.example")]
    [TestCase("Alice Q. Public <a@b.example>", "a", "b.example")]
    [TestCase("\"Alice, the <boss@evil.example>\" <a@b.example>", "a", "b.example")]
    [TestCase("\"x\\\" <c@evil.example>\" <a@b.example>", "a", "b.example")]
    [TestCase("(c@evil.example (nested\\) <d@evil.example>)) a@b.example", "a", "b.example")]
    [TestCase("a@b.example (c@evil.example)", "a", "b.example")]
    [TestCase("Alice (c) <a@b.example> (d)", "a", "b.example")]
    [TestCase("=?utf-8?q?c=40evil.example?= <a@b.example>", "a", "b.example")]
    [TestCase("Alice\r\n <a@b.example>", "a", "b.example")]
    [TestCase("Alice <\r\n a\r\n @ b .\r\n example\r\n >", "a", "b.example")]
    [TestCase("a (x) @ (y) b (z) . (w) example", "a", "b.example")]
    [TestCase("\"a@c.example\"@b.example", "\"a@c.example\"", "b.example")]
    [TestCase("<\"a b\"@b.example>", "\"a b\"", "b.example")]
    [TestCase("first.\"last\"@b.example", "first.\"last\"", "b.example")]
    [TestCase("<@r1.example,@r2.example:a@b.example>", "a", "b.example")]
    [TestCase("a@b.example, c@d.example", "a", "b.example")]
    [TestCase("A <a@b.example>, C <c@d.example>", "a", "b.example")]
    [TestCase("Doe, John <a@b.example>", "a", "b.example")]
    [TestCase("Friends: A <a@b.example>, c@d.example;", "a", "b.example")]
    [TestCase("Nobody:;, a@b.example", "a", "b.example")]
    [TestCase("a@b.example <a@b.example>", "a", "b.example", Description = "unquoted address as the display name, same domain")]
    [TestCase("a@b.example.", "a", "b.example")]
    [TestCase("Jürgen <jürgen@bücher.example>", "jürgen", "xn--bcher-kva.example")]
    [TestCase("John :) <a@b.example>", "a", "b.example")]
    [TestCase("<a@b.example> tail", "a", "b.example")]
    public void The_first_address_is(string value, string local, string domain)
    {
        Assert.That(HeaderAddress.TryRead(Encoding.UTF8.GetBytes(value), out var address), Is.True);
        Assert.That(Encoding.UTF8.GetString(address.Local), Is.EqualTo(local));
        Assert.That(address.Domain.Name, Is.EqualTo(domain));
    }

    [TestCase("")]
    [TestCase("Alice")]
    [TestCase("<>")]
    [TestCase("<a>")]
    [TestCase("@b.example")]
    [TestCase("a@")]
    [TestCase("<a@b.example")]
    [TestCase("undisclosed-recipients:;")]
    [TestCase("a@[192.0.2.1]")]
    [TestCase("a@b@c.example", Description = "two readings")]
    [TestCase("<a@b.example> <c@d.example>", Description = "two readings")]
    [TestCase("<a@b.example> c@d.example", Description = "two readings")]
    [TestCase("a@b.example <c@d.example>", Description = "two readings")]
    [TestCase("<a@b.example> <c@b.example>", Description = "two readings")]
    [TestCase("a@b.example c@b.example", Description = "two readings")]
    [TestCase("<a@b.example> c@b.example", Description = "two readings")]
    [TestCase("<a@b.example <c@d.example>>", Description = "two readings")]
    [TestCase("<a@b.example,c@d.example>", Description = "two readings")]
    [TestCase("<a@b.example d.example>", Description = "two readings")]
    [TestCase("\"Alice <a@b.example>", Description = "open quote")]
    [TestCase("Alice ( <a@b.example>", Description = "open comment")]
    [TestCase("a@b..example")]
    public void What_is_not_one_address_is_not_read(string value) =>
        Assert.That(HeaderAddress.TryRead(Encoding.UTF8.GetBytes(value), out _), Is.False);

    [Test]
    public void A_value_cut_anywhere_gives_no_other_domain()
    {
        var value = "\"X <z@evil.example>\" (y@evil.example) Alice\r\n <a@b.example>, C <c@d.example>"u8;
        var whole = value.IndexOf("<a@b.example>"u8) + "<a@b.example>".Length;
        for (var cut = 0; cut <= value.Length; cut++)
        {
            Assert.That(HeaderAddress.TryRead(value[..cut], out var address), Is.EqualTo(cut >= whole), $"cut at {cut}");
            Assert.That(address.Domain.Name, Is.EqualTo(cut >= whole ? "b.example" : string.Empty));
        }
    }

    [Test]
    public void The_first_From_field_counts()
    {
        var head = "X-From: z@evil.example\r\nfrom : A <a@b.example>\r\nFrom: c@d.example\r\n"u8;

        Assert.That(HeaderAddress.TryReadFrom(head, out var address), Is.True);
        Assert.That(address.Domain.Name, Is.EqualTo("b.example"));
        Assert.That(HeaderAddress.TryReadFrom("To: a@b.example\r\n"u8, out _), Is.False);
    }

    [TestCase("Message-ID: <1@b.example>\r\n", "1@b.example")]
    [TestCase("Message-Id:\r\n <1@b.example>\r\n", "1@b.example")]
    [TestCase("message-id: (c) <1@b.example> (d)\r\n", "1@b.example")]
    [TestCase("Message-ID: 1@b.example \r\n", "1@b.example")]
    [TestCase("Message-ID: <no-at-sign>\r\n", "no-at-sign")]
    [TestCase("Message-ID: <1 2@b.example>\r\n", null)]
    [TestCase("Message-ID: <1@b.example\r\n", null)]
    [TestCase("Message-ID: <>\r\n", null)]
    [TestCase("Message-ID: \r\n", null)]
    [TestCase("Message-ID: one two\r\n", null)]
    [TestCase("Message-ID: (open\r\n", null)]
    [TestCase("Subject: x\r\n", null)]
    public void The_message_id_is(string head, string? id)
    {
        Assert.That(HeaderMessageId.TryRead(Encoding.UTF8.GetBytes(head), out var found), Is.EqualTo(id is not null));
        Assert.That(id is null || Encoding.UTF8.GetString(found) == id, Is.True);
    }
}
