using System.Buffers;
using System.Text;
using Engine.Dkim;
using Engine.Mail;

namespace Engine.Tests.Dkim;

internal sealed class HeadSignerTests
{
    private const string Message =
        "Received: from x¶ by y¶From: A <a@acme.example>¶To: b@b.example,¶\tc@c.example¶Subject:  two  blanks¶ and a fold ¶"
        + "Date: Sun, 22 Nov 2026 02:00:00 +0000¶Message-ID: <1@acme.example>¶MIME-Version: 1.0¶Content-Type: text/plain¶X-Free: 1¶¶Hello  world ¶¶";

    private static readonly RsaSigningKey Rsa = Samples.Rsa();
    private static readonly Ed25519SigningKey Ed25519 = Samples.Ed25519();

    [Test]
    public void A_signature_verifies_with_both_kinds_of_key()
    {
        var results = Samples.Verifier(Rsa, Ed25519).Verify(Samples.Sign(Samples.Octets(Message), Rsa, Ed25519));

        Assert.That(results.Select(result => $"{result.Identity.Selector} {result.Verdict}"), Is.EqualTo(new[] { "s1 Pass", "e1 Pass" }));
    }

    [TestCase("Subject:  two", "Subject: 2 ")]
    [TestCase("From: A", "From: B")]
    [TestCase("Content-Type: text/plain", "Content-Type: text/html")]
    [TestCase("Hello", "Hallo")]
    [TestCase("MIME-Version: 1.0¶", "")]
    [TestCase("X-Free: 1¶", "From: c@evil.example¶", Description = "below")]
    [TestCase("Received:", "From: c@evil.example¶Received:", Description = "above")]
    [TestCase("X-Free: 1¶", "Subject: x¶")]
    [TestCase("X-Free: 1¶", "To: x¶")]
    [TestCase("X-Free: 1¶", "Date: x¶")]
    [TestCase("X-Free: 1¶", "Cc: x¶")]
    [TestCase("X-Free: 1¶", "Reply-To: x¶")]
    [TestCase("X-Free: 1¶", "Message-ID: x¶")]
    [TestCase("Received:", "Content-Type: text/html¶Received:")]
    public void A_change_after_signing_breaks_it(string before, string after)
    {
        var signed = Encoding.Latin1.GetString(Samples.Sign(Samples.Octets(Message), Rsa));
        var changed = signed.Replace(Text(before), Text(after), StringComparison.Ordinal);

        Assert.That(changed, Is.Not.EqualTo(signed));
        Assert.That(Samples.Verifier(Rsa).Verify(Encoding.Latin1.GetBytes(changed)).Single().Verdict, Is.EqualTo(DkimVerdict.Fail));
    }

    [TestCase("Received:", "Received: from z¶Received:")]
    [TestCase("X-Free: 1¶", "")]
    [TestCase("X-Free: 1¶", "Sender: x¶", Description = "lists add it")]
    [TestCase("X-Free: 1¶", "List-Id: x¶", Description = "lists add it")]
    [TestCase("Subject:  two  blanks¶ and", "SUBJECT: two¶\tblanks and")]
    [TestCase("Hello  world ¶¶", "Hello\tworld¶¶¶ ")]
    public void A_change_that_relays_make_does_not(string before, string after)
    {
        var signed = Encoding.Latin1.GetString(Samples.Sign(Samples.Octets(Message), Rsa));
        var changed = signed.Replace(Text(before), Text(after), StringComparison.Ordinal);

        Assert.That(changed, Is.Not.EqualTo(signed));
        Assert.That(Samples.Verifier(Rsa).Verify(Encoding.Latin1.GetBytes(changed)).Single().Verdict, Is.EqualTo(DkimVerdict.Pass));
    }

    [Test]
    public void Every_instance_of_a_repeated_field_is_signed_from_the_bottom_up()
    {
        var message = Samples.Octets("List-Id: 1¶From: a@acme.example¶List-Id: 2¶List-Id: 3¶¶x¶");
        var signed = Encoding.Latin1.GetString(Samples.Sign(message, Rsa));

        Assert.That(Tags(signed)["h"], Is.EqualTo("from:from:to:cc:subject:date:message-id:reply-to:list-id:list-id:list-id:list-id"));
        Assert.That(Verdict(signed), Is.EqualTo(DkimVerdict.Pass));
        Assert.That(Verdict(signed.Replace("List-Id: 2", "List-Id: 9", StringComparison.Ordinal)), Is.EqualTo(DkimVerdict.Fail));
        Assert.That(Verdict(signed.Replace("List-Id: 2\r\nList-Id: 3", "List-Id: 3\r\nList-Id: 2", StringComparison.Ordinal)), Is.EqualTo(DkimVerdict.Fail));

        static DkimVerdict Verdict(string text) => Samples.Verifier(Rsa).Verify(Encoding.Latin1.GetBytes(text)).Single().Verdict;
    }

    [Test]
    public void The_tags_are_those_of_current_practice()
    {
        var tags = Tags(Encoding.Latin1.GetString(Samples.Sign(Samples.Octets(Message), Rsa)));

        Assert.That(tags.Keys, Is.EqualTo(new[] { "v", "a", "c", "d", "s", "t", "h", "bh", "b" }));
        Assert.That(tags["v"], Is.EqualTo("1"));
        Assert.That(tags["a"], Is.EqualTo("rsa-sha256"));
        Assert.That(tags["c"], Is.EqualTo("relaxed/relaxed"));
        Assert.That(tags["d"], Is.EqualTo("acme.example"));
        Assert.That(tags["s"], Is.EqualTo("s1"));
        Assert.That(tags["t"], Is.EqualTo("1795312800"));
        Assert.That(tags["h"], Is.EqualTo("from:from:to:to:cc:subject:subject:date:date:message-id:message-id:reply-to:mime-version:mime-version:content-type:content-type"));
    }

    [Test]
    public void Lines_stay_within_76_columns([Range(1, 63, 4)] int label, [Values(1_024, 2_048, 4_096)] int bits)
    {
        var domain = DomainName.Parse(new string('d', label) + ".example");
        var key = Samples.Rsa(bits, domain, new string('s', label));
        var signed = Samples.Sign(Samples.Octets(Message.Replace("X-Free: 1¶", "List-Unsubscribe: x¶List-Unsubscribe-Post: y¶Content-Transfer-Encoding: 8bit¶", StringComparison.Ordinal)), key);
        var field = Encoding.Latin1.GetString(signed)[..(signed.Length - Message.Length)].Split("Received")[0];

        Assert.That(field.Split("\r\n").Max(line => line.Length), Is.LessThanOrEqualTo(76));
        Assert.That(field.Split("\r\n")[..^1].Skip(1).All(line => line.StartsWith(' ') && line.Trim().Length > 0), Is.True);
        Assert.That(Samples.Verifier(key).Verify(signed).Single().Verdict, Is.EqualTo(DkimVerdict.Pass));
    }

    [Test]
    public void The_longest_names_still_fit()
    {
        var label = new string('a', 63);
        var domain = DomainName.Parse($"{label}.{label}.{label}.{label[..61]}");
        var key = Samples.Rsa(4_096, domain, $"{label}.{label}.{label}");
        var head = string.Concat(Enumerable.Repeat("Content-Transfer-Encoding: 8bit¶", 500)) + "From: a@acme.example¶";
        var signed = Samples.Sign(Samples.Octets(head + "¶"), key);

        Assert.That(Samples.Verifier(key).Verify(signed).Single().Verdict, Is.EqualTo(DkimVerdict.Pass));
    }

    [TestCase("To: b@b.example¶")]
    [TestCase("From b@b.example¶To: x¶")]
    [TestCase("X-From: a@acme.example¶")]
    [TestCase("")]
    [TestCase("¶From: a@acme.example¶")]
    public void A_head_without_From_is_not_signed(string head)
    {
        var output = new ArrayBufferWriter<byte>();

        Assert.That(HeadSigner.Sign(Samples.Octets(head), new byte[32], [Rsa], Samples.Time, output), Is.False);
        Assert.That(output.WrittenCount, Is.Zero);
    }

    [Test]
    public void No_key_gives_no_field()
    {
        var output = new ArrayBufferWriter<byte>();

        Assert.That(HeadSigner.Sign(Samples.Octets("From: a@acme.example¶"), new byte[32], [], Samples.Time, output), Is.True);
        Assert.That(output.WrittenCount, Is.Zero);
    }

    [Test]
    public void Signing_with_RSA_allocates_nothing()
    {
        var head = Samples.Octets(Message[..Message.IndexOf("¶¶", StringComparison.Ordinal)]);
        var (hash, keys, output) = (new byte[32], new SigningKey[] { Rsa }, new ArrayBufferWriter<byte>(4_096));
        for (var round = 0; round < 3; round++)
        {
            Sign();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        Sign();

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        void Sign()
        {
            output.ResetWrittenCount();
            HeadSigner.Sign(head, hash, keys, Samples.Time, output);
        }
    }

    [Test]
    public void One_key_serves_many_threads()
    {
        var message = Samples.Octets(Message);
        var verifier = Samples.Verifier(Rsa, Ed25519);
        var verdicts = new DkimVerdict[400];
        Parallel.For(0, 200, at =>
        {
            var results = verifier.Verify(Samples.Sign(message, Rsa, Ed25519));
            (verdicts[at * 2], verdicts[(at * 2) + 1]) = (results[0].Verdict, results[1].Verdict);
        });

        Assert.That(verdicts, Is.All.EqualTo(DkimVerdict.Pass));
    }

    [Test]
    public void The_longest_name_of_the_table_is_known()
    {
        var names = Enumerable.Range(0, SignedFields.Count).Select(at => SignedFields.Name(at).Length);

        Assert.That(names.Max(), Is.EqualTo(SignedFields.LongestName));
        Assert.That(SignedFields.Name(SignedFields.From).SequenceEqual("from"u8), Is.True);
    }

    private static string Text(string text) => text.Replace("¶", "\r\n", StringComparison.Ordinal);

    private static Dictionary<string, string> Tags(string signed)
    {
        HeaderWalker.TryFind(Encoding.Latin1.GetBytes(signed), "DKIM-Signature"u8, out var field);
        Assert.That(TagList.TryParse(Encoding.Latin1.GetString(field.Value), out var tags), Is.True);
        return tags!.ToDictionary(tag => tag.Key, tag => tag.Value.Replace(" ", string.Empty, StringComparison.Ordinal));
    }
}
