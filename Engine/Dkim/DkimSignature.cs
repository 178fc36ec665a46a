using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Engine.Mail;

namespace Engine.Dkim;

/// <summary>A DKIM-Signature field as it was read and checked for form. RFC 6376 §3.5.</summary>
internal sealed record DkimSignature
{
    // An RSA signature of 4096 bits and every field name there is take 2 KiB.
    private const int MaxLength = 16_384;

    public required DkimIdentity Identity { get; init; }

    /// <summary>a= without the hash: <c>rsa</c> or <c>ed25519</c>.</summary>
    public required string KeyType { get; init; }

    public required Canonicalization Head { get; init; }

    public required Canonicalization Body { get; init; }

    /// <summary>h= in order.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    public required byte[] BodyHash { get; init; }

    public required byte[] Signature { get; init; }

    /// <summary>Whether i= names a subdomain of d=.</summary>
    public required bool IsSubdomain { get; init; }

    /// <summary>l=; null when absent.</summary>
    public long? BodyLength { get; init; }

    /// <summary>t= in seconds since 1970; null when absent.</summary>
    public long? Time { get; init; }

    /// <summary>x= in seconds since 1970; null when absent.</summary>
    public long? Expires { get; init; }

    /// <summary>Reads a field's value.</summary>
    /// <param name="value">As it stands in the field, folded.</param>
    /// <param name="signature">The signature.</param>
    /// <param name="fault">What is wrong with its form.</param>
    public static bool TryParse(
        ReadOnlySpan<byte> value,
        [NotNullWhen(true)] out DkimSignature? signature,
        [NotNullWhen(false)] out string? fault)
    {
        signature = null;
        fault = value.Length > MaxLength ? $"the signature has more than {MaxLength} octets" : "the signature is no tag list";
        if (value.Length <= MaxLength && TagList.TryParse(Encoding.UTF8.GetString(value), out var tags))
        {
            fault = Judge(tags);
            signature = fault is null ? From(tags) : null;
        }

        return signature is not null;
    }

    private static string? Judge(Dictionary<string, string> tags)
    {
        foreach (var name in (string[])["v", "a", "b", "bh", "d", "h", "s"])
        {
            if (string.IsNullOrEmpty(tags.GetValueOrDefault(name)))
            {
                return $"the signature has no {name}=";
            }
        }

        return tags switch
        {
            _ when tags["v"] != "1" => $"the signature has version '{tags["v"]}'",
            _ when tags["a"] is not ("rsa-sha256" or "ed25519-sha256") => $"algorithm '{tags["a"]}' is not verified (RFC 8301, RFC 8463)",
            _ when !DomainName.TryParse(tags["d"], out _) || !DomainName.TryParse(tags["s"], out _) => "d= or s= is not a domain name",
            _ when !IdentityFits(tags) => "i= is not in the domain of d=",
            _ when !TagList.List(tags["h"]).Contains("from", StringComparer.OrdinalIgnoreCase) => "From is not signed",
            _ when !TryCanonicalization(tags, out _, out _) => $"c= is '{tags["c"]}'",
            _ when TagList.Decode(tags["bh"]) is not { Length: Dkim.BodyHash.Length } || TagList.Decode(tags["b"]) is null => "b= or bh= is not base64 of the right length",
            _ when tags.TryGetValue("q", out var query) && !TagList.List(query).Contains("dns/txt") => $"q= is '{query}'",
            _ when !IsNumber(tags, "l") || !IsNumber(tags, "t") || !IsNumber(tags, "x") => "l=, t= or x= is not a number",
            _ when Number(tags, "x") <= Number(tags, "t") => "x= is not after t=",
            _ => null,
        };
    }

    private static DkimSignature From(Dictionary<string, string> tags)
    {
        TryCanonicalization(tags, out var head, out var body);
        return new DkimSignature
        {
            Identity = new DkimIdentity(DomainName.Parse(tags["d"]).Name, tags["s"]),
            KeyType = tags["a"].Split('-')[0],
            Head = head,
            Body = body,
            Names = TagList.List(tags["h"]),
            BodyHash = TagList.Decode(tags["bh"])!,
            Signature = TagList.Decode(tags["b"])!,
            IsSubdomain = IdentityDomain(tags) != DomainName.Parse(tags["d"]),
            BodyLength = Number(tags, "l"),
            Time = Number(tags, "t"),
            Expires = Number(tags, "x"),
        };
    }

    private static bool TryCanonicalization(Dictionary<string, string> tags, out Canonicalization head, out Canonicalization body)
    {
        var parts = tags.GetValueOrDefault("c", "simple/simple").Split('/');
        body = Canonicalization.Simple;
        return TryWord(parts[0], out head) && parts.Length <= 2 && (parts.Length == 1 || TryWord(parts[1], out body));
    }

    private static bool TryWord(string word, out Canonicalization canonicalization)
    {
        canonicalization = word == "relaxed" ? Canonicalization.Relaxed : Canonicalization.Simple;
        return word is "relaxed" or "simple";
    }

    private static bool IdentityFits(Dictionary<string, string> tags)
    {
        var domain = DomainName.Parse(tags["d"]);
        return IdentityDomain(tags) is { IsEmpty: false } identity && (identity == domain || identity.IsBelow(domain));
    }

    private static DomainName IdentityDomain(Dictionary<string, string> tags)
    {
        var text = tags.GetValueOrDefault("i", "@" + tags["d"]);
        return DomainName.TryParse(text[(text.LastIndexOf('@') + 1)..], out var domain) ? domain : default;
    }

    private static bool IsNumber(Dictionary<string, string> tags, string name) => !tags.ContainsKey(name) || Number(tags, name) is not null;

    private static long? Number(Dictionary<string, string> tags, string name) =>
        tags.TryGetValue(name, out var text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
