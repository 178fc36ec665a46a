using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Engine.Dkim;

namespace Engine.Preflight.Dmarc;

/// <summary>A policy record. RFC 7489 §6.3, and the tags psd, np and t of DMARCbis.</summary>
/// <param name="Tags">All of them, as written.</param>
/// <param name="Policy">p=</param>
internal sealed record DmarcRecord(IReadOnlyDictionary<string, string> Tags, DmarcPolicy Policy)
{
    private const string Version = "DMARC1";

    /// <summary>sp=; by default as p=.</summary>
    public DmarcPolicy SubdomainPolicy => TryPolicy("sp", out var policy) ? policy : Policy;

    /// <summary>np=, of names that do not exist; by default as sp=.</summary>
    public DmarcPolicy AbsentPolicy => TryPolicy("np", out var policy) ? policy : SubdomainPolicy;

    /// <summary>aspf=s</summary>
    public bool IsSpfStrict => IsTag("aspf", "s");

    /// <summary>adkim=s</summary>
    public bool IsDkimStrict => IsTag("adkim", "s");

    /// <summary>t=y: the owner is testing, receivers go one step down.</summary>
    public bool IsTesting => IsTag("t", "y");

    /// <summary>pct=, from 0 to 100; 100 when absent or unreadable. DMARCbis knows it no more.</summary>
    public int Percent => Tags.TryGetValue("pct", out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var percent) && percent <= 100 ? percent : 100;

    /// <summary>psd=: y is a public suffix, n an organisational domain; null when neither is said.</summary>
    public bool? IsPublicSuffix => IsTag("psd", "y") ? true : IsTag("psd", "n") ? false : null;

    /// <summary>Where aggregate reports go: URIs of rua=, at most eight looked at.</summary>
    public IReadOnlyList<string> Reports => [.. Tags.GetValueOrDefault("rua", string.Empty).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Take(8)];

    /// <summary>Whether a TXT record is meant as one: v=DMARC1 comes first, exactly so. Others are passed over.</summary>
    public static bool IsDmarc(string text)
    {
        var first = text.Split(';', 2)[0].Split('=', 2);
        return first.Length == 2 && first[0].Trim(' ', '\t') == "v" && first[1].Trim(' ', '\t') == Version;
    }

    /// <param name="text">One for which <see cref="IsDmarc"/> holds.</param>
    /// <param name="record">The record.</param>
    /// <param name="fault">Why it does not count.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out DmarcRecord? record, [NotNullWhen(false)] out string? fault)
    {
        (record, fault) = (null, null);
        if (!TagList.TryParse(text, out var tags))
        {
            fault = "the record is no tag list";
            return false;
        }

        // RFC 7489 §6.6.3: without a policy that can be read, a record that asks for reports means none.
        if (!TryRead(tags.GetValueOrDefault("p", string.Empty), out var policy))
        {
            if (!tags.ContainsKey("rua"))
            {
                fault = tags.TryGetValue("p", out var value) ? $"p={value} is no policy" : "the record has no p=";
                return false;
            }

            policy = DmarcPolicy.None;
        }

        record = new DmarcRecord(tags, policy);
        return true;
    }

    /// <summary>The record with tags set to other values, or without them; v and p come first.</summary>
    public string With(params (string Name, string? Value)[] changes)
    {
        var tags = new Dictionary<string, string>(Tags, StringComparer.Ordinal);
        foreach (var (name, value) in changes)
        {
            _ = value is null ? tags.Remove(name) : (tags[name] = value) is not null;
        }

        var rest = tags.Where(tag => tag.Key is not ("v" or "p")).Select(tag => $"{tag.Key}={tag.Value}");
        return string.Join("; ", [$"v={Version}", $"p={tags.GetValueOrDefault("p", "none")}", .. rest]);
    }

    private bool IsTag(string name, string value) => Tags.TryGetValue(name, out var found) && found.Equals(value, StringComparison.OrdinalIgnoreCase);

    private bool TryPolicy(string tag, out DmarcPolicy policy)
    {
        policy = default;
        return Tags.TryGetValue(tag, out var text) && TryRead(text, out policy);
    }

    private static bool TryRead(string text, out DmarcPolicy policy)
    {
        var read = text.ToLowerInvariant() switch
        {
            "none" => DmarcPolicy.None,
            "quarantine" => DmarcPolicy.Quarantine,
            "reject" => DmarcPolicy.Reject,
            _ => (DmarcPolicy?)null,
        };
        policy = read ?? default;
        return read is not null;
    }
}
