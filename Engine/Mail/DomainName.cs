using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Engine.Mail;

/// <summary>A domain name in one form: lower case, A-labels (RFC 5890), no trailing dot. Equal names are equal values.</summary>
/// <remarks>
/// At most 253 octets, labels of 1–63. Letters, digits, hyphen and underscore; a hyphen may stand first or last, because such
/// domains exist and take mail. Unicode input is lower-cased before it becomes A-labels: with invariant
/// globalization <see cref="IdnMapping"/> would otherwise give a wrong name for upper-case letters. Decomposed letters are not composed there:
/// such a name gets A-labels of its own.
/// </remarks>
internal readonly record struct DomainName
{
    private const int MaxLength = 253;

    private static readonly IdnMapping Idn = new() { AllowUnassigned = false, UseStd3AsciiRules = false };

    private static readonly SearchValues<char> Plain = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_.");

    private readonly string? _name;

    private DomainName(string name) => _name = name;

    /// <summary>The name; empty for the default value.</summary>
    public string Name => _name ?? string.Empty;

    public bool IsEmpty => string.IsNullOrEmpty(_name);

    public static DomainName Parse(string text) =>
        TryParse(text, out var domain) ? domain : throw new FormatException($"'{text}' is not a domain name");

    public static bool TryParse(ReadOnlySpan<byte> utf8, out DomainName domain)
    {
        domain = default;
        if (utf8.Length is 0 or > 1_000)
        {
            return false;
        }

        if (!System.Text.Unicode.Utf8.IsValid(utf8))
        {
            return false;
        }

        return TryParse(Encoding.UTF8.GetString(utf8), out domain);
    }

    public static bool TryParse([NotNullWhen(true)] string? text, out DomainName domain)
    {
        domain = default;
        if (string.IsNullOrEmpty(text) || text.Length > 1_000)
        {
            return false;
        }

        var name = text.AsSpan().ContainsAnyExcept(Plain) ? ToAscii(text) : text;
        name = name is { Length: > 1 } && name[^1] == '.' ? name[..^1] : name;
        if (name is null || !IsWellFormed(name))
        {
            return false;
        }

        domain = new DomainName(name);
        return true;
    }

    /// <summary>True when this name stands below <paramref name="parent"/> (not for the parent itself).</summary>
    public bool IsBelow(DomainName parent) =>
        Name.Length > parent.Name.Length + 1
        && Name.EndsWith(parent.Name, StringComparison.Ordinal)
        && Name[Name.Length - parent.Name.Length - 1] == '.';

    public override string ToString() => Name;

    private static string? ToAscii(string text)
    {
        // GetAscii throws for what is no name; there is no variant that reports it.
        try
        {
            var lower = text.Normalize(NormalizationForm.FormC).ToLowerInvariant().Normalize(NormalizationForm.FormC);
            return Ascii.IsValid(lower) ? lower : Idn.GetAscii(lower).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static bool IsWellFormed(string name)
    {
        if (name.Length is 0 or > MaxLength || name.AsSpan().ContainsAnyExcept(Plain))
        {
            return false;
        }

        foreach (var label in name.AsSpan().Split('.'))
        {
            var (start, length) = label.GetOffsetAndLength(name.Length);
            if (length is 0 or > 63 || start < 0)
            {
                return false;
            }
        }

        return true;
    }
}
