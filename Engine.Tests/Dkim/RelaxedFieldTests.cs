using System.Text;
using Engine.Dkim;
using Engine.Mail;

namespace Engine.Tests.Dkim;

internal sealed class RelaxedFieldTests
{
    [TestCase("A: X¶", "a:X¶", Description = "RFC 6376 §3.4.5")]
    [TestCase("B : Y\t¶\tZ  ¶", "b:Y Z¶", Description = "RFC 6376 §3.4.5")]
    [TestCase("SubJect:¶", "subject:¶")]
    [TestCase("Subject: ¶ ¶", "subject:¶")]
    [TestCase("Subject:¶ x", "subject:x¶", Description = "no CRLF at the end")]
    [TestCase("X:a¶ b¶\t \tc", "x:a b c¶")]
    [TestCase("X: a\rb\nc¶", "x:a\rb\nc¶")]
    [TestCase("X: é¶ ÿ ¶", "x:é ÿ¶")]
    [TestCase("X:", "x:¶")]
    public void A_field_becomes(string field, string canonical)
    {
        var walker = new HeaderWalker(Samples.Octets(field));
        Assert.That(walker.MoveNext(), Is.True);
        var target = new byte[Samples.Octets(field).Length + 2];
        var length = RelaxedField.Write(walker.Current, target);

        Assert.That(Encoding.Latin1.GetString(target.AsSpan(0, length)), Is.EqualTo(Encoding.Latin1.GetString(Samples.Octets(canonical))));
    }
}
