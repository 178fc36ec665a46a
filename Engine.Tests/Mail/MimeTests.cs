using System.Text;
using Engine.Mail;

namespace Engine.Tests.Mail;

/// <summary>Mails of the field taken apart: parts, encodings, charsets, fields.</summary>
internal sealed class MimeTests
{
    [Test]
    public void Parts_come_in_order_with_what_they_are()
    {
        var tree = Tree("Content-Type: multipart/report; report-type=delivery-status;\n\tboundary=\"a b\"\n\npreamble\n--a b\n\nwords\n--a b\nContent-Type: message/global-delivery-status\n\nStatus: 5.1.1\n"
            + "--a b  \nContent-Type: multipart/alternative; boundary=in\n\n--in\nContent-Type: text/html\n\n<p>\n--in--\n--a b\nContent-Type: text/rfc822-headers\n\nSubject: x\n--a b--\nepilogue\n");

        Assert.That(tree.Parts.Select(static part => part.Kind), Is.EqualTo(new[] { MimeKind.Multipart, MimeKind.Text, MimeKind.DeliveryStatus, MimeKind.Multipart, MimeKind.Html, MimeKind.Headers }));
        Assert.That(tree.Parts[1].Body.ToString(), Is.EqualTo("words"));
        Assert.That(tree.Parts[2].Body.ToString(), Is.EqualTo("Status: 5.1.1"));
        Assert.That(tree.Parts[4].Depth, Is.EqualTo(2));
    }

    [TestCase("Content-Type: multipart/mixed\n\n--x\n\nwords\n", MimeKind.Text)]
    [TestCase("Content-Type: multipart/mixed; boundary=y\n\n--x\n\nwords\n", MimeKind.Text)]
    [TestCase("no field\n\nwords", MimeKind.Text)]
    [TestCase("Content-Type: nonsense\n\nwords", MimeKind.Text)]
    [TestCase("Content-Type: application/zip\n\nwords", MimeKind.Other)]
    [TestCase("Content-Type: message/rfc822\n\nSubject: x\n\nwords", MimeKind.Message)]
    [TestCase("", MimeKind.Text)]
    public void Broken_structure_is_text(string mail, MimeKind kind) => Assert.That(Tree(mail).Parts.Select(static part => part.Kind), Is.EqualTo(new[] { kind }));

    [TestCase("Content-Transfer-Encoding: quoted-printable\n\na=3Db =\nc=ZZ=\n", "a=b c=ZZ")]
    [TestCase("Content-Transfer-Encoding: base64\n\naGVs\nbG8h", "hello!")]
    [TestCase("Content-Transfer-Encoding: base64\n\naGVsbG8=", "hello")]
    [TestCase("Content-Transfer-Encoding: base64\n\naGVsbG", "hell")]
    [TestCase("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n44Gr", "に")]
    [TestCase("Content-Type: text/plain; charset=iso-8859-1\n\nr\u00E9ponse", "réponse")]
    [TestCase("Content-Type: text/plain; charset=us-ascii\n\nr\u00C3\u00A9ponse", "réponse")]
    [TestCase("Content-Type: text/plain; charset=koi8-r\nContent-Transfer-Encoding: quoted-printable\n\n=CE=C5=D4", "нет")]
    [TestCase("Content-Type: text/plain; charset=\"ISO-2022-JP\"\n\n\u001B$B$K\u001B(B", "に")]
    [TestCase("Content-Type: text/plain; charset=shift_jis\nContent-Transfer-Encoding: quoted-printable\n\n=82=C9", "に")]
    [TestCase("Content-Type: text/plain; charset=none-such\n\nr\u00E9ponse", "réponse")]
    public void Bodies_are_decoded(string mail, string expected) => Assert.That(MimeText.Of(Tree(mail).Parts[0]).ToString().TrimEnd('\n'), Is.EqualTo(expected));

    [TestCase("=?utf-8?Q?R=C3=A9ponse_automatique?= : x", "Réponse automatique : x")]
    [TestCase("=?UTF-8?B?6Ieq5YuV?= =?UTF-8?B?5b+c562U?=", "自動応答")]
    [TestCase("=?broken", "=?broken")]
    [TestCase("=?utf-8?q?a=?=", "a")]
    [TestCase("plain", "plain")]
    public void Encoded_words_are_decoded(string value, string expected) => Assert.That(MimeText.Words(value), Is.EqualTo(expected));

    [TestCase("a\r\nb\rc\nd", "a\nb\nc\nd")]
    [TestCase("a\r\r\nb\r\n\r\nc", "a\nb\n\nc")]
    [TestCase("a\r\rb\r", "a\n\nb\n")]
    public void Every_line_ends_with_LF(string mail, string expected)
    {
        var text = new char[mail.Length];
        Assert.That(new string(text, 0, MimeText.Widen(Encoding.Latin1.GetBytes(mail), text)), Is.EqualTo(expected));
    }

    [Test]
    public void Fields_are_walked_forgivingly()
    {
        var read = new List<string>();
        var lines = new HeaderLines("From mbox Thu Jan  1\nSubject : a\n\tb\nno field here\nX:c\n\nBody: d\n");
        while (lines.Next())
        {
            read.Add($"{lines.Name}={lines.Value}");
        }

        Assert.That(read, Is.EqualTo(new[] { "Subject=a\n\tb", "X=c" }));
        Assert.That(lines.Position, Is.EqualTo("From mbox Thu Jan  1\nSubject : a\n\tb\nno field here\nX:c\n\n".Length));
    }

    [TestCase("multipart/mixed; boundary=\"a;b\"; x=y", "a;b")]
    [TestCase("multipart/mixed; x=\"boundary=no\"; Boundary = yes", "yes")]
    [TestCase("multipart/mixed", "")]
    [TestCase("multipart/mixed; boundary=\"open", "open")]
    public void Parameters_are_found(string field, string expected) => Assert.That(MimeParameter.Find(field, "boundary").ToString(), Is.EqualTo(expected));

    private static MimeTree Tree(string mail)
    {
        var text = new char[mail.Length];
        return MimeTree.Of(text.AsMemory(0, MimeText.Widen(Encoding.Latin1.GetBytes(mail), text)));
    }
}
