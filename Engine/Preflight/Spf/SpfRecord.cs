using System.Diagnostics.CodeAnalysis;

namespace Engine.Preflight.Spf;

/// <summary>A record as it was read. RFC 7208 §4.6.</summary>
/// <param name="Terms">Mechanisms in order.</param>
/// <param name="Redirect">Domain-spec of <c>redirect=</c>; null without.</param>
/// <param name="Explanation">Domain-spec of <c>exp=</c>; null without.</param>
internal sealed record SpfRecord(IReadOnlyList<SpfTerm> Terms, string? Redirect, string? Explanation)
{
    /// <summary>Characters of a record that are read. Nobody's is as long: RFC 7208 §3.4 asks for 450.</summary>
    private const int MaxLength = 8_192;

    private const string Version = "v=spf1";

    /// <summary>Whether a TXT record is one of SPF. RFC 7208 §4.5.</summary>
    public static bool IsSpf(string text) =>
        text.StartsWith(Version, StringComparison.OrdinalIgnoreCase) && (text.Length == Version.Length || text[Version.Length] == ' ');

    /// <param name="text">One for which <see cref="IsSpf"/> holds.</param>
    /// <param name="record">The record.</param>
    /// <param name="fault">What is wrong with it, in words.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out SpfRecord? record, [NotNullWhen(false)] out string? fault)
    {
        (record, fault) = (null, text.Length > MaxLength ? $"the record is longer than {MaxLength} characters" : null);
        var terms = new List<SpfTerm>();
        string? redirect = null;
        string? explanation = null;
        foreach (var term in fault is null ? text[Version.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) : [])
        {
            fault ??= ModifierName(term) switch
            {
                { } name when name.Equals("redirect", StringComparison.OrdinalIgnoreCase) => Take(term, ref redirect),
                { } name when name.Equals("exp", StringComparison.OrdinalIgnoreCase) => Take(term, ref explanation),
                { } name => SpfMacro.IsString(term[(name.Length + 1)..]) ? null : $"'{term}' has a macro that is none",
                _ => Read(term, terms),
            };
        }

        record = fault is null ? new SpfRecord(terms, redirect, explanation) : null;
        return record is not null;
    }

    private static string? ModifierName(string term)
    {
        var length = 0;
        while (length < term.Length && (char.IsAsciiLetterOrDigit(term[length]) || (length > 0 && term[length] is '-' or '_' or '.')))
        {
            length++;
        }

        return length > 0 && length < term.Length && term[length] == '=' && char.IsAsciiLetter(term[0]) ? term[..length] : null;
    }

    private static string? Take(string term, ref string? domain)
    {
        var value = term[(term.IndexOf('=', StringComparison.Ordinal) + 1)..];
        if (domain is not null)
        {
            return $"'{term}' stands twice";
        }

        domain = value;
        return SpfMacro.IsDomain(value) ? null : $"'{term}' names no domain";
    }

    private static string? Read(string term, List<SpfTerm> terms)
    {
        if (!SpfTermReader.TryRead(term, out var read))
        {
            return $"'{term}' is no mechanism";
        }

        terms.Add(read);
        return null;
    }
}
