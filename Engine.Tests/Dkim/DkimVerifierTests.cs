using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Engine.Dkim;
using Engine.Mail;

namespace Engine.Tests.Dkim;

internal sealed partial class DkimVerifierTests
{
    private static readonly RsaSigningKey Rsa = Samples.Rsa();

    [TestCase("01-rfc8463")]
    [TestCase("02-too_many_headers", Description = "chasquid looks at five")]
    [TestCase("04-bad_dkim_signature_header")]
    [TestCase("05-dns_temp_error")]
    [TestCase("06-dns_perm_error")]
    [TestCase("07-algo_mismatch")]
    [TestCase("08-our_signature")]
    [TestCase("09-limited_body")]
    [TestCase("10-strict_domain_check_pass")]
    [TestCase("11-strict_domain_check_fail")]
    public void Cases_of_chasquid_come_out_as_there(string name)
    {
        using var expected = JsonDocument.Parse(Vectors.Text("chasquid", name + ".result"));
        var states = expected.RootElement.GetProperty("Results").EnumerateArray().Select(result => result.GetProperty("State").GetString()).ToList();
        var zone = File.Exists(Vectors.Path("chasquid") + $"/{name}.dns") ? Zone(Vectors.Text("chasquid", name + ".dns")) : [];
        var clock = new Samples.FixedClock(DateTimeOffset.FromUnixTimeSeconds(1_709_500_000));
        var results = new DkimVerifier(clock, identity => Answer(zone, identity), maxSignatures: 5).Verify(Vectors.Message("chasquid", name + ".msg"));

        Assert.That(results.Select(State), Is.EqualTo(states), string.Join("; ", results.Select(result => result.Reason)));
        Assert.That(results.Count(result => result.IsPartial), Is.EqualTo(name.StartsWith("09", StringComparison.Ordinal) ? 1 : 0));
    }

    [Test]
    public void A_message_that_starts_with_a_blank_line_continuation_yields_nothing() =>
        Assert.That(Samples.Verifier().Verify(Vectors.Message("chasquid", "03-bad_message.msg")), Is.Empty);

    [TestCase("¶A: 1¶", DkimVerdict.PermanentError, TestName = "A head with a line that is no field is not verified")]
    [TestCase("X: y¶", DkimVerdict.Pass, TestName = "An unsigned field more does no harm")]
    public void Junk_in_the_head(string line, DkimVerdict expected)
    {
        var signed = Samples.Sign(Samples.Octets("From: a@acme.example¶¶x¶"), Rsa);
        var text = Encoding.Latin1.GetString(signed).Replace("From:", line.Replace("¶A: 1¶", "junk\r\n", StringComparison.Ordinal).Replace("¶", "\r\n", StringComparison.Ordinal) + "From:", StringComparison.Ordinal);

        Assert.That(Samples.Verifier(Rsa).Verify(Encoding.Latin1.GetBytes(text)).Single().Verdict, Is.EqualTo(expected));
    }

    // The keys of the example are those of appendix C (RFC 4871) and of RFC 8463 appendix A.
    [TestCase("rfc6376.signed.msg")]
    [TestCase("rfc6376.signed.rsa.msg")]
    public void Signed_examples_of_dkimpy_verify(string file)
    {
        var zone = Zone(Vectors.Text("chasquid", "01-rfc8463.dns"));
        var clock = new Samples.FixedClock(DateTimeOffset.FromUnixTimeSeconds(1_709_500_000));
        var results = new DkimVerifier(clock, identity => Answer(zone, identity)).Verify(Vectors.Message("dkimpy", file));

        Assert.That(results, Is.Not.Empty);
        Assert.That(results.Select(result => $"{result.Identity.Selector} {result.Verdict} {result.Reason}"), Is.All.Contain("Pass"));
    }

    [TestCase("test.txt", DkimVerdict.Pass)]
    [TestCase("badk.txt", DkimVerdict.PermanentError)]
    [TestCase("badversion.txt", DkimVerdict.PermanentError)]
    [TestCase("test_bad.txt", DkimVerdict.PermanentError, Description = "damaged in its last octets")]
    [TestCase("test_tlsrpt.txt", DkimVerdict.PermanentError)]
    [TestCase("1024_testkey_wo_markers.pub.txt", DkimVerdict.Fail, Description = "another key")]
    public void Key_records_of_dkimpy_are_judged(string record, DkimVerdict expected)
    {
        var key = Key("test.private");
        foreach (var file in (string[])["test.message", "test_extra.message", "rfc6376.msg", "rfc6376.w1258.msg", "test.message.baddomain", "test2.message"])
        {
            var signed = Samples.Sign(Vectors.Message("dkimpy", file), key);
            var result = new DkimVerifier(new Samples.FixedClock(Samples.Time), Look).Verify(signed)[0];

            Assert.That(result.Verdict, Is.EqualTo(expected), $"{file}: {result.Reason}");
        }

        DkimKeyAnswer Look(DkimIdentity identity) => new([Vectors.Text("dkimpy", record)]);
    }

    [TestCase("1024_testkey.key", "1024_testkey_wo_markers.pub.txt")]
    [TestCase("1024_testkey.key", "1024_testkey_wo_markers.pub.rsa.txt")]
    [TestCase("2048_testkey.key", "2048_testkey_wo_markers.pub.txt")]
    [TestCase("2048_testkey.key", "2048_testkey_wo_markers.pub.rsa.txt")]
    [TestCase("2048_testkey_PKCS8.key", "2048_testkey_PKCS8.key.pub.txt")]
    public void Public_keys_in_either_form_verify(string privateFile, string publicFile)
    {
        var signed = Samples.Sign(Vectors.Message("dkimpy", "test.message"), Key(privateFile));
        var text = Vectors.Text("dkimpy", publicFile);
        var record = text.Contains("p=", StringComparison.Ordinal) ? text : "v=DKIM1; k=rsa; p=" + text;

        Assert.That(new DkimVerifier(new Samples.FixedClock(Samples.Time), _ => new DkimKeyAnswer([record])).Verify(signed)[0].Verdict, Is.EqualTo(DkimVerdict.Pass));
    }

    [TestCase("ed25519test.key", "ed25519test.dns")]
    public void The_Ed25519_key_of_dkimpy_signs_for_its_record(string seedFile, string recordFile)
    {
        var key = new Ed25519SigningKey(Samples.Domain, "test", Convert.FromBase64String(Vectors.Text("dkimpy", seedFile)));
        var signed = Samples.Sign(Vectors.Message("dkimpy", "ed25519test.msg"), key);

        Assert.That(new DkimVerifier(new Samples.FixedClock(Samples.Time), _ => new DkimKeyAnswer([Vectors.Text("dkimpy", recordFile)])).Verify(signed)[0].Verdict, Is.EqualTo(DkimVerdict.Pass));
    }

    [Test]
    public void A_message_without_From_is_not_signed()
    {
        HeaderWalker.TrySplit(Vectors.Message("dkimpy", "test_nofrom.message"), out var head, out _);

        Assert.That(HeadSigner.Sign(head, new byte[32], [Rsa], Samples.Time, new System.Buffers.ArrayBufferWriter<byte>()), Is.False);
    }

    [TestCase("v=1;", "v=2;", DkimVerdict.PermanentError)]
    [TestCase("a=rsa-sha256;", "a=rsa-sha1;", DkimVerdict.PermanentError)]
    [TestCase("a=rsa-sha256;", "a=ed25519-sha256;", DkimVerdict.PermanentError)]
    [TestCase("c=relaxed/relaxed;", "c=relaxed/nowsp;", DkimVerdict.PermanentError)]
    [TestCase("c=relaxed/relaxed;", "c=simple/relaxed;", DkimVerdict.Fail)]
    [TestCase("c=relaxed/relaxed;", "c=relaxed;", DkimVerdict.Fail, Description = "the body is then simple")]
    [TestCase("d=acme.example;", "d=;", DkimVerdict.PermanentError)]
    [TestCase("d=acme.example;", "d=other.example;", DkimVerdict.PermanentError, Description = "no record")]
    [TestCase("d=acme.example;", "d=acme.example; d=acme.example;", DkimVerdict.PermanentError)]
    [TestCase("d=acme.example;", "d=acme.example; i=@evil.example;", DkimVerdict.PermanentError)]
    [TestCase("d=acme.example;", "d=acme.example; q=http;", DkimVerdict.PermanentError)]
    [TestCase("t=1795312800;", "t=1795312800; x=1795312800;", DkimVerdict.PermanentError)]
    [TestCase("t=1795312800;", "t=1; x=1795312799;", DkimVerdict.Fail)]
    [TestCase("t=1795312800;", "t=1795399999;", DkimVerdict.Fail)]
    [TestCase("t=1795312800;", "t=abc;", DkimVerdict.PermanentError)]
    [TestCase("h=from:from:", "h=", DkimVerdict.PermanentError)]
    [TestCase("bh=", "bh=AAAA", DkimVerdict.PermanentError)]
    [TestCase("bh=", "l=99999; bh=", DkimVerdict.Fail)]
    [TestCase("b=", "b=AAAA", DkimVerdict.Fail)]
    [TestCase(" b=", " c=", DkimVerdict.PermanentError)]
    public void A_bent_signature_does_not_pass(string before, string after, DkimVerdict expected)
    {
        var signed = Encoding.Latin1.GetString(Samples.Sign(Samples.Octets("From: A  <a@acme.example>¶¶x  y¶"), Rsa));
        var bent = signed.Replace(before, after, StringComparison.Ordinal);

        Assert.That(bent, Is.Not.EqualTo(signed));
        Assert.That(Samples.Verifier(Rsa).Verify(Encoding.Latin1.GetBytes(bent)).Single().Verdict, Is.EqualTo(expected));
    }

    [Test]
    public void A_body_shorter_than_its_l_does_not_match()
    {
        var signed = Encoding.Latin1.GetString(Samples.Sign(Samples.Octets("From: a@acme.example¶¶x¶"), Rsa));
        var result = Samples.Verifier(Rsa).Verify(Encoding.Latin1.GetBytes(signed.Replace("bh=", "l=99; bh=", StringComparison.Ordinal))).Single();

        Assert.That(result.Reason, Does.Contain("body hash"));
    }

    [Test]
    public void Whose_keys_are_needed_is_known_beforehand() =>
        Assert.That(
            DkimVerifier.Identities(Vectors.Message("chasquid", "08-our_signature.msg")).Select(identity => identity.Selector),
            Is.EqualTo(new[] { "selector", "brisbane", "test" }));

    private static SigningKey Key(string file)
    {
        Assert.That(PrivateKey.TryRead(Vectors.Text("dkimpy", file), Samples.Domain, "test", out var key, out var fault), Is.True, fault);
        return key!;
    }

    private static string State(DkimResult result) => result.Verdict switch
    {
        DkimVerdict.Pass => "SUCCESS",
        DkimVerdict.TemporaryError => "TEMPFAIL",
        _ => "PERMFAIL",
    };

    private static DkimKeyAnswer Answer(List<(string Name, string Text)> zone, DkimIdentity identity)
    {
        var texts = zone.Where(entry => entry.Name == $"{identity.Selector}._domainkey.{identity.Domain}").Select(entry => entry.Text).ToList();
        return new DkimKeyAnswer([.. texts.Where(text => text.Contains('='))], texts.Contains("TEMPERROR"));
    }

    private static List<(string Name, string Text)> Zone(string file) =>
        [.. from Match line in Record().Matches(file.Replace("\\\n", " ", StringComparison.Ordinal)) select (line.Groups[1].Value, line.Groups[2].Value.Trim())];

    [GeneratedRegex("^([^:\\s]+):(.*)$", RegexOptions.Multiline)]
    private static partial Regex Record();
}
