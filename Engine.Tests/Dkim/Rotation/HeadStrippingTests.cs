using System.Buffers;
using System.Text;
using Engine.Dkim;
using Engine.Dkim.Rotation;
using Engine.Mail;

namespace Engine.Tests.Dkim.Rotation;

/// <summary>Signatures of withdrawn keys leave a head, and nothing else does.</summary>
internal sealed class HeadStrippingTests
{
    private const string Old = "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=acme.example;\r\n s=s1; h=From; bh=x; b=abc\r\n def\r\n";
    private const string Simple = "dkim-signature: a=rsa-sha256; d=acme.example; s=s1; b=abc\r\n";
    private const string Kept = "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=esp.example; s=s1; b=abc\r\n";
    private const string Next = "DKIM-Signature: v=1; d=acme.example; s=s2; b=abc\r\n";
    private const string Rest = "Received: by x\r\nFrom: <a@acme.example>\r\nSubject: s=s1; d=acme.example\r\n\r\n";

    [TestCase(Old + Rest, Rest, 1)]
    [TestCase(Kept + Old + Next + Rest, Kept + Next + Rest, 1)]
    [TestCase(Old + Kept + Old + Rest, Kept + Rest, 2)]
    [TestCase(Kept + Rest, Kept + Rest, 0)]
    [TestCase(Rest, Rest, 0)]
    [TestCase("DKIM-Signature: nonsense\r\n" + Rest, "DKIM-Signature: nonsense\r\n" + Rest, 0)]
    public void Only_withdrawn_signatures_go(string head, string expected, int taken)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.That(HeadStripping.Strip(Encoding.UTF8.GetBytes(head), Book(), output, out _), Is.EqualTo(taken));
        Assert.That(Encoding.UTF8.GetString(output.WrittenSpan), Is.EqualTo(expected));
    }

    [TestCase(Old + Rest, Canonicalization.Relaxed)]
    [TestCase(Simple + Rest, Canonicalization.Simple)]
    public void The_form_of_the_body_hash_is_that_of_the_old_signature(string head, Canonicalization expected)
    {
        HeadStripping.Strip(Encoding.UTF8.GetBytes(head), Book(), new ArrayBufferWriter<byte>(), out var body);
        Assert.That(body, Is.EqualTo(expected));
    }

    private static RotationBook Book() =>
        RotationBook.Blank.With(DomainRotation.Empty(DomainName.Parse("acme.example")).Revoke("s1", "rsa", "stolen", DateTimeOffset.UnixEpoch));
}
