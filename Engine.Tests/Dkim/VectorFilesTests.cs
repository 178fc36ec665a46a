using System.Text;
using Engine.Dkim;
using Engine.Mail;

namespace Engine.Tests.Dkim;

/// <summary>The files of dkimpy that hold signatures and keys of others; those that are signed first are in <see cref="DkimVerifierTests"/>.</summary>
internal sealed class VectorFilesTests
{
    private static readonly string[] Chasquid =
        ["01-rfc8463", "02-too_many_headers", "03-bad_message", "04-bad_dkim_signature_header", "05-dns_temp_error", "06-dns_perm_error", "07-algo_mismatch", "08-our_signature", "09-limited_body", "10-strict_domain_check_pass", "11-strict_domain_check_fail"];

    private static readonly string[] Dkimpy =
    [
        "1024_testkey.key", "1024_testkey_wo_markers.pub.rsa.txt", "1024_testkey_wo_markers.pub.txt", "2048_testkey.key", "2048_testkey_PKCS8.key", "2048_testkey_PKCS8.key.pub.txt",
        "2048_testkey_wo_markers.pub.rsa.txt", "2048_testkey_wo_markers.pub.txt", "badk.txt", "badversion.txt", "ed25519test.dns", "ed25519test.key", "ed25519test.msg", "ed25519test2.msg", "eximtest.dns",
        "message.mbox", "rfc6376.msg", "rfc6376.signed.msg", "rfc6376.signed.rsa.msg", "rfc6376.w1258.msg", "rfc8032_7_1.key", "test.message", "test.message.baddomain", "test.private", "test.txt",
        "test2.message", "test2.private", "test2.txt", "test_bad.txt", "test_extra.message", "test_nofrom.message", "test_tlsrpt.txt",
    ];

    [Test]
    public void Every_file_there_is_one_that_a_test_reads()
    {
        Assert.That(Directory.GetFiles(Vectors.Path("chasquid"), "*.msg").Select(Path.GetFileNameWithoutExtension), Is.EquivalentTo(Chasquid));
        Assert.That(Directory.GetFiles(Vectors.Path("dkimpy")).Select(Path.GetFileName), Is.EquivalentTo(Dkimpy));
    }

    [Test]
    public void The_Ed25519_signature_that_Exim_made_verifies()
    {
        if (!NativeEd25519.IsAvailable)
        {
            Assert.Ignore("libcrypto.so.3 is not there: apt-get install libssl3");
        }

        Assert.That(Verify("ed25519test2.msg", "eximtest.dns").Verdict, Is.EqualTo(DkimVerdict.Pass));
        Assert.That(Verify("ed25519test2.msg", "ed25519test.dns").Verdict, Is.EqualTo(DkimVerdict.Fail), "the key of somebody else");
    }

    // CVE-2020-12272 and its like: what seems to be legitimate.com is no domain.
    [Test]
    public void A_domain_with_a_bracket_in_it_is_none()
    {
        var result = Verify("test.message.baddomain", "test.txt");

        Assert.That(result.Verdict, Is.EqualTo(DkimVerdict.PermanentError));
        Assert.That(result.Reason, Is.EqualTo("d= or s= is not a domain name"));
    }

    // dkimpy says the same of it.
    [Test]
    public void The_signature_in_test2_does_not_fit_its_key() =>
        Assert.That(Verify("test2.message", "test2.txt").Verdict, Is.EqualTo(DkimVerdict.Fail));

    [TestCase("test.message")]
    [TestCase("test2.message")]
    [TestCase("rfc6376.msg")]
    [TestCase("rfc6376.w1258.msg")]
    [TestCase("test_extra.message")]
    [TestCase("message.mbox")]
    public void The_second_test_key_signs_for_its_record_in_every_form(string file)
    {
        Assert.That(PrivateKey.TryRead(Vectors.Text("dkimpy", "test2.private"), Samples.Domain, "test", out var key, out var fault), Is.True, fault);
        foreach (var head in Enum.GetValues<Canonicalization>())
        {
            foreach (var body in Enum.GetValues<Canonicalization>())
            {
                var signed = Samples.Sign(Vectors.Message("dkimpy", file), key!.Under(Samples.Domain, "test", new SignatureTerms { Head = head, Body = body }));
                var result = new DkimVerifier(new Samples.FixedClock(Samples.Time), _ => new DkimKeyAnswer([Vectors.Text("dkimpy", "test2.txt")])).Verify(signed)[0];

                Assert.That(result.Verdict, Is.EqualTo(DkimVerdict.Pass), $"{head}/{body}: {result.Reason}");
            }
        }
    }

    // c=simple/simple by another signer; its key is long gone from DNS, but the body hash stands in it.
    [Test]
    public void The_body_of_the_mail_from_a_mailbox_hashes_as_its_signer_hashed_it()
    {
        var message = Vectors.Message("dkimpy", "message.mbox");
        HeaderWalker.TrySplit(message, out var head, out var body);
        HeaderWalker.TryFind(head, "DKIM-Signature"u8, out var field);
        Assert.That(DkimSignature.TryParse(field.Value, out var signature, out var fault), Is.True, fault);
        using var hash = new BodyHash(signature!.Body);
        var octets = new byte[BodyHash.Length];
        hash.Append(body);
        hash.Finish(octets);

        Assert.That((signature.Head, signature.Body), Is.EqualTo((Canonicalization.Simple, Canonicalization.Simple)));
        Assert.That(Convert.ToBase64String(octets), Is.EqualTo("n0HUwGCP28PkesXBPH82Kboy8LhNFWU9zUISIpAez7M="));
    }

    [Test]
    public void The_seed_of_RFC_8032_is_the_key_of_RFC_8463()
    {
        var key = new Ed25519SigningKey(Samples.Domain, "brisbane", Convert.FromBase64String(Vectors.Text("dkimpy", "rfc8032_7_1.key")));

        Assert.That(Vectors.Text("chasquid", "01-rfc8463.dns"), Does.Contain(Convert.ToBase64String(key.ExportPublicKey())));
    }

    // RFC 8463 appendix A: Ed25519 is deterministic, so signing the same octets again gives the signature printed there.
    [Test]
    public void The_signature_of_RFC_8463_is_made_again()
    {
        var key = new Ed25519SigningKey(Samples.Domain, "brisbane", Convert.FromBase64String(Vectors.Text("dkimpy", "rfc8032_7_1.key")));
        var message = Vectors.Message("chasquid", "01-rfc8463.msg");
        HeaderWalker.TrySplit(message, out var head, out _);
        var seen = 0;
        foreach (var field in new HeaderWalker(head))
        {
            if (field.Is("DKIM-Signature"u8) && DkimSignature.TryParse(field.Value, out var signature, out _) && signature.KeyType == "ed25519")
            {
                var made = new byte[64];
                key.SignHash(System.Security.Cryptography.SHA256.HashData(new FieldIndex(head).Canonical(head, field, signature)), made);
                Assert.That(made, Is.EqualTo(signature.Signature));
                seen++;
            }
        }

        Assert.That(seen, Is.EqualTo(1));
    }

    private static DkimResult Verify(string message, string record)
    {
        var verifier = new DkimVerifier(new Samples.FixedClock(Samples.Time), _ => new DkimKeyAnswer([Encoding.Latin1.GetString(File.ReadAllBytes(Vectors.Path("dkimpy", record))).Trim()]));
        return verifier.Verify(Vectors.Message("dkimpy", message))[0];
    }
}
