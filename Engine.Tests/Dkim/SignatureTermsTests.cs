using System.Buffers;
using System.Text;
using Engine.Dkim;
using Engine.Mail;

namespace Engine.Tests.Dkim;

/// <summary>c=, i= and x=: written as the terms say, and good before our own verifier.</summary>
internal sealed class SignatureTermsTests
{
    private const string Message = "Received: from x¶ by y¶From:  A   <a@acme.example>¶To : b@b.example¶Subject:\tx¶\t y ¶List-Id: 1¶List-ID:2¶¶Body  text \t¶¶";

    [Test]
    public void Every_canonicalisation_verifies_and_says_so([Values] Canonicalization head, [Values] Canonicalization body, [Values] bool isRsa)
    {
        var key = Under(isRsa, new SignatureTerms { Head = head, Body = body });
        var signed = Samples.Sign(Samples.Octets(Message), key);

        Assert.That(Tags(signed)["c"], Is.EqualTo($"{head}/{body}".ToLowerInvariant()));
        Assert.That(Verdict(signed, key), Is.EqualTo(DkimVerdict.Pass));
    }

    [TestCase("Subject:\tx", "Subject: x", Canonicalization.Simple, DkimVerdict.Fail)]
    [TestCase("Subject:\tx", "Subject: x", Canonicalization.Relaxed, DkimVerdict.Pass)]
    [TestCase("List-Id: 1", "list-id: 1", Canonicalization.Simple, DkimVerdict.Fail)]
    [TestCase("List-Id: 1", "list-id: 1", Canonicalization.Relaxed, DkimVerdict.Pass)]
    [TestCase("Body  text", "Body text", Canonicalization.Simple, DkimVerdict.Fail)]
    [TestCase("Body  text", "Body text", Canonicalization.Relaxed, DkimVerdict.Pass)]
    [TestCase("Received: from x", "Received: from z", Canonicalization.Simple, DkimVerdict.Pass)]
    public void A_change_breaks_what_its_canonicalisation_keeps(string before, string after, Canonicalization both, DkimVerdict expected)
    {
        var key = Under(isRsa: true, new SignatureTerms { Head = both, Body = both });
        var signed = Encoding.Latin1.GetString(Samples.Sign(Samples.Octets(Message), key));
        var changed = signed.Replace(before, after, StringComparison.Ordinal);

        Assert.That(changed, Is.Not.EqualTo(signed));
        Assert.That(Verdict(Encoding.Latin1.GetBytes(changed), key), Is.EqualTo(expected));
    }

    [Test]
    public void Keys_of_either_head_form_sign_one_message()
    {
        SigningKey[] keys = [Under(true, new SignatureTerms()), Under(false, new SignatureTerms { Head = Canonicalization.Simple }), Samples.Rsa(2_048, "s2")];

        Assert.That(Samples.Verifier(keys).Verify(Samples.Sign(Samples.Octets(Message), keys)).Select(result => result.Verdict), Is.All.EqualTo(DkimVerdict.Pass).And.Exactly(3).Items);
    }

    [TestCase("@acme.example")]
    [TestCase("news@acme.example")]
    [TestCase("@news.acme.example")]
    public void An_identity_is_written_before_the_selector_and_verifies(string identity)
    {
        var key = Under(isRsa: true, new SignatureTerms { Identity = identity });
        var signed = Samples.Sign(Samples.Octets(Message), key);

        Assert.That(Tags(signed).Keys, Is.EqualTo(new[] { "v", "a", "c", "d", "i", "s", "t", "h", "bh", "b" }));
        Assert.That(Tags(signed)["i"], Is.EqualTo(identity));
        Assert.That(Verdict(signed, key), Is.EqualTo(DkimVerdict.Pass));
    }

    [Test]
    public void The_longest_identity_fits()
    {
        var identity = $"{new string('a', 64)}@{new string('b', 63)}.{new string('c', 63)}.acme.example";

        Assert.That(Verdict(Samples.Sign(Samples.Octets(Message), Under(true, new SignatureTerms { Identity = identity })), Samples.Rsa()), Is.EqualTo(DkimVerdict.Pass));
    }

    [Test]
    public void The_end_counts_from_when_the_message_may_first_leave()
    {
        var key = Under(isRsa: true, new SignatureTerms { Expires = TimeSpan.FromDays(7) });
        var time = new SigningTime(Samples.Time, Samples.Time.AddDays(20));
        var output = new ArrayBufferWriter<byte>();
        HeadSigner.Sign("From: a@acme.example\r\n"u8, new byte[32], [key], time, output);
        var tags = Tags(output.WrittenSpan.ToArray());

        Assert.That(tags["t"], Is.EqualTo(Samples.Time.ToUnixTimeSeconds().ToString(provider: null)));
        Assert.That(tags["x"], Is.EqualTo(Samples.Time.AddDays(27).ToUnixTimeSeconds().ToString(provider: null)));
    }

    [TestCase(6, DkimVerdict.Pass)]
    [TestCase(8, DkimVerdict.Fail)]
    public void A_signature_holds_until_its_end(int days, DkimVerdict expected)
    {
        var key = Under(isRsa: true, new SignatureTerms { Expires = TimeSpan.FromDays(7) });
        var signed = Samples.Sign(Samples.Octets(Message), key);
        var verifier = new DkimVerifier(new Samples.FixedClock(Samples.Time.AddDays(days)), _ => new DkimKeyAnswer([DkimRecord.For(key).Text]));

        Assert.That(verifier.Verify(signed).Single().Verdict, Is.EqualTo(expected));
    }

    [Test]
    public void A_head_signed_again_says_how_its_body_was_hashed([Values] Canonicalization body)
    {
        var client = Under(isRsa: false, new SignatureTerms { Body = Canonicalization.Relaxed });
        var old = Under(isRsa: true, new SignatureTerms { Body = body });
        var signed = Samples.Sign(Samples.Sign(Samples.Octets(Message), client), old);
        HeaderWalker.TrySplit(signed, out var head, out var text);

        var rules = OldSignature.BodyOf(head, [new DkimIdentity("acme.example", "s1")]);
        Assert.That(rules, Is.EqualTo(body));
        Assert.That(OldSignature.BodyOf(head, [new DkimIdentity("acme.example", "s9")]), Is.Null);

        HeaderWalker.TrySplit(Samples.Octets(Message), out var bare, out _);
        var hash = new byte[BodyHash.Length];
        using var hashing = new BodyHash(body);
        hashing.Append(text);
        hashing.Finish(hash);
        var next = Samples.Rsa(2_048, "s2");
        var output = new ArrayBufferWriter<byte>();
        Assert.That(HeadSigner.Sign(bare, hash, [next], Samples.Time, output, rules), Is.True);
        Assert.That(Verdict([.. output.WrittenSpan, .. Samples.Octets(Message)], next), Is.EqualTo(DkimVerdict.Pass));
    }

    private static SigningKey Under(bool isRsa, SignatureTerms terms) =>
        isRsa ? Samples.Rsa().Under(Samples.Domain, "s1", terms) : Samples.Ed25519().Under(Samples.Domain, "e1", terms);

    private static DkimVerdict Verdict(byte[] signed, SigningKey key) => Samples.Verifier(key).Verify(signed).First(result => result.Identity.Selector == key.Selector).Verdict;

    private static Dictionary<string, string> Tags(byte[] signed)
    {
        HeaderWalker.TryFind(signed, "DKIM-Signature"u8, out var field);
        Assert.That(TagList.TryParse(Encoding.Latin1.GetString(field.Value), out var tags), Is.True);
        return tags!;
    }
}
