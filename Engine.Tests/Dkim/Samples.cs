using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Engine.Dkim;
using Engine.Mail;

namespace Engine.Tests.Dkim;

/// <summary>Keys and messages for the tests of this folder.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Time = new(2026, 11, 22, 2, 0, 0, TimeSpan.Zero);

    public static readonly DomainName Domain = DomainName.Parse("acme.example");

    // Making one takes up to a second.
    private static readonly Lazy<SigningKey> Rsa1024 = new(() => New(1_024));
    private static readonly Lazy<string> Rsa2048Pem = new(() => PrivateKey.NewRsa(2_048));
    private static readonly Lazy<SigningKey> Rsa2048 = new(() => Read(RsaPem));
    private static readonly Lazy<SigningKey> Rsa3072 = new(() => New(3_072));
    private static readonly Lazy<SigningKey> Rsa4096 = new(() => New(4_096));

    /// <summary>The key of 2048 bits as a file holds it.</summary>
    public static string RsaPem => Rsa2048Pem.Value;

    public static RsaSigningKey Rsa(int bits = 2_048, string selector = "s1") => Rsa(bits, Domain, selector);

    public static RsaSigningKey Rsa(int bits, DomainName domain, string selector) =>
        (RsaSigningKey)(bits switch { 1_024 => Rsa1024, 3_072 => Rsa3072, 4_096 => Rsa4096, _ => Rsa2048 }).Value.Under(domain, selector);

    public static Ed25519SigningKey Ed25519(string selector = "e1") =>
        new(Domain, selector, SHA256.HashData(Encoding.UTF8.GetBytes(selector)));

    /// <summary>Lines with ¶ for CRLF, as octets of Latin-1.</summary>
    public static byte[] Octets(string text) => Encoding.Latin1.GetBytes(text.Replace("¶", "\r\n", StringComparison.Ordinal));

    /// <summary>Signs a whole message and puts the signatures before it.</summary>
    public static byte[] Sign(byte[] message, params SigningKey[] keys) => Sign(message, Time, keys);

    /// <summary>The same at another time.</summary>
    public static byte[] Sign(byte[] message, SigningTime time, SigningKey[] keys)
    {
        HeaderWalker.TrySplit(message, out var head, out var body);
        using var hash = new BodyHash(keys.Length == 0 ? Canonicalization.Relaxed : keys[0].Terms.Body);
        var octets = new byte[BodyHash.Length];
        hash.Append(body);
        hash.Finish(octets);
        var output = new ArrayBufferWriter<byte>();
        Assert.That(HeadSigner.Sign(head, octets, keys, time, output), Is.True);
        return [.. output.WrittenSpan, .. message];
    }

    public static DkimVerifier Verifier(params SigningKey[] keys) =>
        new(new FixedClock(Time), identity => new DkimKeyAnswer(
            [.. keys.Where(key => key.Domain.Name == identity.Domain && key.Selector == identity.Selector).Select(key => DkimRecord.For(key).Text)]));

    private static SigningKey New(int bits) => Read(PrivateKey.NewRsa(bits));

    private static SigningKey Read(string pem)
    {
        Assert.That(PrivateKey.TryRead(pem, Domain, "s1", out var key, out var fault), Is.True, fault);
        return key!;
    }

    internal sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
