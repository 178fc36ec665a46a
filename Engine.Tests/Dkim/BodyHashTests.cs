using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Engine.Dkim;

namespace Engine.Tests.Dkim;

internal sealed partial class BodyHashTests
{
    private static readonly string[] Bodies =
    [
        "",
        "¶",
        "¶¶¶",
        " ",
        " \t ¶",
        " ¶ C ¶D \t E¶¶¶",
        "one",
        "one¶",
        "one ¶",
        "one \t",
        "one¶two¶¶¶three¶¶ ¶\t¶",
        "a\tb  c \t d¶   indented¶\ttab¶",
        "a\rb\nc\r¶",
        "\r\r\n\n\r",
        "a\r\r\n",
        "a \r b \n c",
        "x¶ ¶ ¶ y",
        "trailing cr\r",
        "é ü  ÿ¶",
    ];

    [TestCase("", "")]
    [TestCase("¶¶", "")]
    [TestCase(" ¶\t", "")]
    [TestCase(" ¶ C ¶D \t E¶¶¶", "¶ C¶D E¶", Description = "RFC 6376 §3.4.5")]
    [TestCase("no end", "no end¶")]
    [TestCase("a\r b\n", "a\r b\n¶", Description = "a bare CR or LF is an octet")]
    public void The_relaxed_form_is(string body, string canonical) =>
        Assert.That(Hash(Samples.Octets(body), Canonicalization.Relaxed), Is.EqualTo(SHA256.HashData(Samples.Octets(canonical))));

    [TestCase("", "¶")]
    [TestCase("¶¶", "¶")]
    [TestCase(" ¶ C ¶D \t E¶¶¶", " ¶ C ¶D \t E¶", Description = "RFC 6376 §3.4.5")]
    [TestCase("no end ", "no end ¶")]
    public void The_simple_form_is(string body, string canonical) =>
        Assert.That(Hash(Samples.Octets(body), Canonicalization.Simple), Is.EqualTo(SHA256.HashData(Samples.Octets(canonical))));

    [TestCaseSource(nameof(Bodies))]
    public void Where_the_pieces_meet_makes_no_difference(string body)
    {
        var octets = Samples.Octets(body);
        foreach (var rules in Enum.GetValues<Canonicalization>())
        {
            using var hash = new BodyHash(rules);
            var expected = SHA256.HashData(Reference(octets, rules));
            for (var first = 0; first <= octets.Length; first++)
            {
                for (var second = first; second <= octets.Length; second++)
                {
                    Assert.That(Hash(hash, octets[..first], octets[first..second], octets[second..]), Is.EqualTo(expected), $"{rules}, cut at {first} and {second}");
                }
            }
        }
    }

    [Test]
    public void Long_bodies_of_every_texture_hash_as_the_plain_form_does([Range(0, 63)] int seed)
    {
        var random = new Random(seed);
        var alphabet = Samples.Octets(new[] { "ab c\t¶", "abcdefghijklmnop ", "¶ a", "x¶¶ \t\r\n", "abcdefghijklmnopqrstuvwxyz0123456789" }[seed % 5]);
        var octets = new byte[random.Next(20_000)];
        for (var at = 0; at < octets.Length; at++)
        {
            octets[at] = alphabet[random.Next(alphabet.Length)];
        }

        foreach (var rules in Enum.GetValues<Canonicalization>())
        {
            using var hash = new BodyHash(rules);
            for (var at = 0; at < octets.Length;)
            {
                var length = Math.Min(octets.Length - at, random.Next(1, seed % 2 == 0 ? 40 : 9_000));
                hash.Append(octets.AsSpan(at, length));
                at += length;
            }

            Assert.That(Finish(hash), Is.EqualTo(SHA256.HashData(Reference(octets, rules))));
        }
    }

    [TestCase(0)]
    [TestCase(3)]
    [TestCase(4)]
    [TestCase(5)]
    [TestCase(9)]
    [TestCase(100)]
    public void A_limit_cuts_the_canonical_form(int limit)
    {
        using var hash = new BodyHash(Canonicalization.Relaxed, limit);
        var canonical = Samples.Octets("a b¶c¶");
        Assert.That(Hash(hash, Samples.Octets("a  b ¶"), Samples.Octets("c¶¶")), Is.EqualTo(SHA256.HashData(canonical.Take(limit).ToArray())));
        Assert.That(hash.CanonicalLength, Is.EqualTo(canonical.Length));
    }

    [Test]
    public void A_finished_hash_is_ready_for_the_next_body()
    {
        using var hash = new BodyHash();
        var first = Hash(hash, Samples.Octets("a ¶\r"));
        Hash(hash, Samples.Octets("b¶¶ "));

        Assert.That(Hash(hash, Samples.Octets("a ¶\r")), Is.EqualTo(first));
        Assert.That(Hash(hash), Is.EqualTo(SHA256.HashData([])));
    }

    [Test]
    public void Hashing_allocates_nothing()
    {
        using var hash = new BodyHash();
        var body = Samples.Octets(string.Concat(Enumerable.Repeat("a line  of text\twith blanks ¶    <td>¶", 500)));
        var result = new byte[BodyHash.Length];
        Round();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Round();

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        void Round()
        {
            hash.Append(body);
            hash.Append(body.AsSpan(0, 7));
            hash.Finish(result);
        }
    }

    private static byte[] Hash(byte[] body, Canonicalization rules)
    {
        using var hash = new BodyHash(rules);
        return Hash(hash, body);
    }

    private static byte[] Hash(BodyHash hash, params byte[][] pieces)
    {
        foreach (var piece in pieces)
        {
            hash.Append(piece);
        }

        return Finish(hash);
    }

    private static byte[] Finish(BodyHash hash)
    {
        var result = new byte[BodyHash.Length];
        hash.Finish(result);
        return result;
    }

    // RFC 6376 §3.4.3 and §3.4.4, word by word.
    private static byte[] Reference(byte[] body, Canonicalization rules)
    {
        var text = Encoding.Latin1.GetString(body);
        if (rules is Canonicalization.Relaxed)
        {
            text = Blanks().Replace(text, " ");
            text = string.Join("\r\n", text.Split("\r\n").Select(line => line.TrimEnd(' ')));
        }

        while (text.EndsWith("\r\n", StringComparison.Ordinal))
        {
            text = text[..^2];
        }

        return Encoding.Latin1.GetBytes(text.Length > 0 || rules is Canonicalization.Simple ? text + "\r\n" : text);
    }

    [GeneratedRegex("[ \t]+")]
    private static partial Regex Blanks();
}
