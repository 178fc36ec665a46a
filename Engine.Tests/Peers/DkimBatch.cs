using Engine.Dkim;
using Engine.Tests.Dkim;

namespace Engine.Tests.Peers;

/// <summary>Signed mails of every kind, the same for the same seed but for their time: each kind of key, each c=, with and without i= and x=.</summary>
/// <param name="seed">Of messages and choices.</param>
/// <param name="now">For t=; peers have a clock of their own.</param>
internal sealed class DkimBatch(int seed, DateTimeOffset now)
{
    private static readonly SigningKey[] Kinds =
        [Samples.Rsa(), Samples.Ed25519(), Samples.Rsa(3_072, Samples.Domain, "s3"), Samples.Rsa(1_024, Samples.Domain, "old"), Samples.Rsa(4_096, Samples.Domain, "long.selector")];

    private readonly Random _random = new(seed);
    private readonly DkimMessages _messages = new(seed);

    /// <summary>A line for each key, as opendkim's TestDNSData has them.</summary>
    public static IEnumerable<string> Zone => Kinds.Select(key => $"{DkimRecord.NameOf(key.Selector, key.Domain)} {DkimRecord.For(key).Text}");

    public static DkimVerifier Verifier => new(TimeProvider.System, identity => new DkimKeyAnswer(
        [.. Kinds.Where(key => key.Domain.Name == identity.Domain && key.Selector == identity.Selector).Select(key => DkimRecord.For(key).Text)]));

    /// <summary>A signed message as it stands on the wire.</summary>
    /// <param name="signatures">How many it has.</param>
    public byte[] Next(out int signatures)
    {
        var body = (Canonicalization)_random.Next(2);
        var keys = new List<SigningKey> { Signer(body) };
        while (_random.Next(3) == 0 && keys.Count < 3)
        {
            keys.Add(Signer(body));
        }

        keys = [.. keys.DistinctBy(key => key.Selector)];
        signatures = keys.Count;
        var signed = Samples.Sign(_messages.Next(), now, [.. keys]);

        // The final dot of DATA stands on a line of its own, so a last line without CRLF gets one there (RFC 5321 §4.1.1.4).
        return signed.AsSpan().EndsWith("\r\n"u8) ? signed : [.. signed, .. "\r\n"u8];
    }

    // Of the long keys few, for they are slow.
    private SigningKey Signer(Canonicalization body)
    {
        var key = Kinds[_random.Next(40) switch { 0 => 4, < 3 => 2, < 6 => 3, < 23 => 0, _ => 1 }];
        return key.Under(key.Domain, key.Selector, new SignatureTerms
        {
            Head = (Canonicalization)_random.Next(2),
            Body = body,
            Identity = _random.Next(6) switch { 0 => "@acme.example", 1 => "bounces+1@news.acme.example", 2 => "first.last@acme.example", _ => null },
            Expires = _random.Next(4) == 0 ? TimeSpan.FromDays(_random.Next(1, 365)) : null,
        });
    }
}
