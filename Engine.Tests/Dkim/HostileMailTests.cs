using System.Text;
using Engine.Dkim;

namespace Engine.Tests.Dkim;

/// <summary>The verifier is asked about mail of strangers: none of it may cost seconds, and nothing throws.</summary>
[NonParallelizable]
internal sealed class HostileMailTests
{
    private static readonly RsaSigningKey Rsa = Samples.Rsa();

    [Test]
    public void A_long_list_of_names_over_a_long_head_is_quick()
    {
        var names = string.Join(':', Enumerable.Repeat("x", 8_000));
        var head = new StringBuilder();
        for (var at = 0; at < 16; at++)
        {
            head.Append($"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=acme.example; s=s1; h=from:{names}; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA\r\n");
        }

        head.Append("From: a@acme.example\r\n").Append(string.Concat(Enumerable.Repeat("x:\r\n", 150_000)));
        var message = Encoding.ASCII.GetBytes(head.Append("\r\n").ToString());
        var before = Environment.CpuUsage.TotalTime;
        var results = Samples.Verifier(Rsa).Verify(message);

        Assert.That(results.Select(result => result.Reason), Is.All.EqualTo("the signature does not match").And.Exactly(16).Items, "so it came as far as the signature");
        Assert.That(Environment.CpuUsage.TotalTime - before, Is.LessThan(TimeSpan.FromSeconds(15)), "of processor time, whatever else runs on the machine; each name sought in each field would take minutes");
    }

    [Test]
    public void Only_the_first_signatures_are_looked_at()
    {
        var message = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(
            "DKIM-Signature: v=1; a=rsa-sha256; d=acme.example; s=s1; h=from; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA\r\n", 5_000)) + "From: a@acme.example\r\n\r\n");

        Assert.That(Samples.Verifier(Rsa).Verify(message), Has.Count.EqualTo(DkimVerifier.MaxSignatures));
        Assert.That(DkimVerifier.Identities(message), Has.Count.EqualTo(DkimVerifier.MaxSignatures));
    }

    [Test]
    public void A_head_longer_than_any_is_not_looked_at()
    {
        var message = Samples.Sign(Encoding.ASCII.GetBytes($"From: a@acme.example\r\nX: {new string('x', 1 << 20)}\r\n\r\n"), Rsa);

        Assert.That(Samples.Verifier(Rsa).Verify(message).Single().Reason, Does.Contain("head"));
        Assert.That(DkimVerifier.Identities(message), Is.Empty);
    }

    [Test]
    public void A_signature_longer_than_any_is_refused()
    {
        var message = Encoding.ASCII.GetBytes($"DKIM-Signature: v=1; a=rsa-sha256; d=acme.example; s=s1; h=from; bh=AAAA; b=AAAA; z={new string('z', 20_000)}\r\nFrom: a@acme.example\r\n\r\n");

        Assert.That(Samples.Verifier(Rsa).Verify(message).Single().Reason, Does.Contain("16384"));
    }

    [TestCase("v=DKIM1; p={0}; n={1}", "4096 octets")]
    [TestCase("v=DKIM1; k=ed25519; p=AAAA", "of type")]
    [TestCase("v=DKIM1; p=AAAA", "no RSA key")]
    public void A_record_made_to_cost_is_refused(string form, string expected)
    {
        var record = form.Replace("{0}", Convert.ToBase64String(Rsa.ExportPublicKey()), StringComparison.Ordinal).Replace("{1}", new string('n', 5_000), StringComparison.Ordinal);
        var verifier = new DkimVerifier(new Samples.FixedClock(Samples.Time), _ => new DkimKeyAnswer([record]));

        Assert.That(verifier.Verify(Samples.Sign(Samples.Octets("From: a@acme.example¶¶x¶"), Rsa)).Single().Reason, Does.Contain(expected));
    }

    [Test]
    public void A_key_of_more_bits_than_receivers_need_is_not_used()
    {
        using var rsa = System.Security.Cryptography.RSA.Create();
        var modulus = new byte[1_024];
        Array.Fill(modulus, (byte)0xff);
        rsa.ImportParameters(new System.Security.Cryptography.RSAParameters { Modulus = modulus, Exponent = [1, 0, 1] });
        var record = $"v=DKIM1; p={Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo())}";
        var verifier = new DkimVerifier(new Samples.FixedClock(Samples.Time), _ => new DkimKeyAnswer([record]));

        Assert.That(verifier.Verify(Samples.Sign(Samples.Octets("From: a@acme.example¶¶x¶"), Rsa)).Single().Reason, Does.Contain("8192 bits"));
    }

    [Test]
    public void Of_many_records_only_a_few_are_tried()
    {
        var records = Enumerable.Repeat(DkimRecord.For(Samples.Rsa(1_024)).Text, 10).Append(DkimRecord.For(Rsa).Text).ToList();
        var message = Samples.Sign(Samples.Octets("From: a@acme.example¶¶x¶"), Rsa);

        Assert.That(Verdict(records), Is.EqualTo(DkimVerdict.Fail));
        Assert.That(Verdict(records[8..]), Is.EqualTo(DkimVerdict.Pass));

        DkimVerdict Verdict(IReadOnlyList<string> texts) => new DkimVerifier(new Samples.FixedClock(Samples.Time), _ => new DkimKeyAnswer(texts)).Verify(message).Single().Verdict;
    }

    [Test]
    public void Bent_messages_give_verdicts_and_never_throw()
    {
        var random = new Random(11);
        var signed = Samples.Sign(Samples.Octets("From: a@acme.example¶To: x¶¶x¶"), Rsa, Samples.Ed25519());
        var verifier = Samples.Verifier(Rsa, Samples.Ed25519());
        for (var round = 0; round < 5_000; round++)
        {
            var bent = (byte[])signed.Clone();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                bent[random.Next(bent.Length)] = (byte)random.Next(256);
            }

            Assert.That(() => verifier.Verify(bent.AsSpan(0, random.Next(3) == 0 ? random.Next(bent.Length) : bent.Length)), Throws.Nothing);
        }
    }
}
