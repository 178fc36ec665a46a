using System.Diagnostics.CodeAnalysis;
using System.Text;
using Engine.Mail;

namespace Engine.Dkim;

/// <summary>A key record as DNS holds it. RFC 6376 §3.6.1.</summary>
/// <param name="KeyType">k=, <c>rsa</c> when absent.</param>
/// <param name="PublicKey">p=; empty for a revoked key.</param>
internal sealed record DkimRecord(string KeyType, byte[] PublicKey)
{
    // RFC 1035 §3.3: a character-string has one octet for its length.
    private const int MaxString = 255;

    /// <summary>Characters of the longest record that is read; an RSA key of 4096 bits takes 750.</summary>
    public const int MaxText = 4_096;

    /// <summary>t=s: i= must not name a subdomain of d=.</summary>
    public bool IsStrict { get; init; }

    /// <summary>t=y: the signer is testing.</summary>
    public bool IsTesting { get; init; }

    /// <summary>False when h= names other hashes only.</summary>
    public bool AllowsSha256 { get; init; } = true;

    /// <summary>False when s= names other services only.</summary>
    public bool AllowsEmail { get; init; } = true;

    /// <summary>The record's text, one string.</summary>
    public string Text => $"v=DKIM1; k={KeyType}; p={Convert.ToBase64String(PublicKey)}";

    public static DkimRecord For(SigningKey key) => new(key.KeyType, key.ExportPublicKey());

    /// <summary>Where the record stands, without a trailing dot.</summary>
    public static string NameOf(string selector, DomainName domain) => $"{selector}._domainkey.{domain.Name}";

    public static bool TryParse(string text, [NotNullWhen(true)] out DkimRecord? record, [NotNullWhen(false)] out string? fault)
    {
        record = null;
        fault = null;
        if (!TagList.TryParse(text, out var tags))
        {
            fault = "the key record is no tag list";
        }
        else if (tags.TryGetValue("v", out var version) && (version != "DKIM1" || !text.TrimStart().StartsWith('v')))
        {
            fault = $"the key record has version '{version}'";
        }
        else if (!tags.TryGetValue("p", out var encoded))
        {
            fault = "the key record has no p=";
        }
        else if (encoded.Length > 0 && TagList.Decode(encoded) is null)
        {
            fault = "the key record's p= is not base64";
        }
        else
        {
            var flags = TagList.List(tags.GetValueOrDefault("t", string.Empty));
            record = new DkimRecord(tags.GetValueOrDefault("k", "rsa"), TagList.Decode(encoded) ?? [])
            {
                IsStrict = flags.Contains("s"),
                IsTesting = flags.Contains("y"),
                AllowsSha256 = !tags.TryGetValue("h", out var hashes) || TagList.List(hashes).Contains("sha256"),
                AllowsEmail = !tags.TryGetValue("s", out var services) || TagList.List(services) is var list && (list.Contains("*") || list.Contains("email")),
            };
        }

        return record is not null;
    }

    /// <summary>The record's text cut into strings of at most 255 octets.</summary>
    public IReadOnlyList<string> Strings() => [.. Text.Chunk(MaxString).Select(static part => new string(part))];

    /// <summary>The record as a zone file holds it (RFC 1035 §5.1), with a fully qualified owner.</summary>
    public string ToZone(string selector, DomainName domain)
    {
        var text = new StringBuilder($"{NameOf(selector, domain)}. IN TXT (");
        foreach (var part in Strings())
        {
            text.Append("\n    \"").Append(part).Append('"');
        }

        return text.Append(" )\n").ToString();
    }
}
