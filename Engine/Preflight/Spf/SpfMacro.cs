using System.Buffers;
using System.Globalization;
using System.Text;

namespace Engine.Preflight.Spf;

/// <summary>Macros of domain-specs and explanations. RFC 7208 §7. Pure.</summary>
internal static class SpfMacro
{
    /// <summary>Characters a text may grow to; a domain needs 253 of them, an explanation an SMTP reply.</summary>
    public const int MaxExpanded = 16_384;

    private const int MaxName = 253;

    private static readonly SearchValues<char> Delimiters = SearchValues.Create(".-+,/_=");

    /// <summary>Whether it is a macro-string, as modifiers that nobody knows have it.</summary>
    public static bool IsString(string text) => Scan(text, forExplanation: false, out _);

    /// <summary>Whether it is a domain-spec: it ends with a top label or a macro.</summary>
    public static bool IsDomain(string text) =>
        text.Length > 0 && Scan(text, forExplanation: false, out var literalFrom) && (literalFrom == text.Length || EndsWithTopLabel(text[literalFrom..]));

    /// <summary>Whether the last label of a name may be one of the top: not digits alone, no hyphen at its ends.</summary>
    public static bool IsTopLabel(ReadOnlySpan<char> label)
    {
        var hasLetter = false;
        foreach (var sign in label)
        {
            if (!char.IsAsciiLetterOrDigit(sign) && sign != '-')
            {
                return false;
            }

            hasLetter |= !char.IsAsciiDigit(sign);
        }

        return hasLetter && label[0] != '-' && label[^1] != '-';
    }

    /// <summary>Whether <c>%{p}</c> stands in it, which costs look-ups to know.</summary>
    public static bool AsksForName(string text) => text.Contains("%{p", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether any macro stands in it.</summary>
    public static bool HasMacro(string text) => text.Contains('%', StringComparison.Ordinal);

    /// <summary>Makes a name of a domain-spec; labels go from the left where it is too long. Null when it grows beyond all bounds.</summary>
    public static string? ExpandDomain(string text, SpfLetters letters)
    {
        if (Expand(text, letters, forExplanation: false)?.TrimEnd('.') is not { } name)
        {
            return null;
        }

        while (name.Length > MaxName && name.IndexOf('.', StringComparison.Ordinal) is >= 0 and var dot)
        {
            name = name[(dot + 1)..];
        }

        return name.ToLowerInvariant();
    }

    /// <summary>Null when it is no macro-string or grows beyond all bounds.</summary>
    public static string? Expand(string text, SpfLetters letters, bool forExplanation)
    {
        if (!Scan(text, forExplanation, out _))
        {
            return null;
        }

        var expanded = new StringBuilder();
        for (var at = 0; at < text.Length && expanded.Length <= MaxExpanded; at++)
        {
            if (text[at] != '%')
            {
                expanded.Append(text[at]);
                continue;
            }

            at++;
            var end = text[at] == '{' ? text.IndexOf('}', at) : at;
            _ = text[at] switch
            {
                '%' => expanded.Append('%'),
                '_' => expanded.Append(' '),
                '-' => expanded.Append("%20"),
                _ => expanded.Append(Transform(text[(at + 1)..end], letters)),
            };
            at = end;
        }

        return expanded.Length <= MaxExpanded ? expanded.ToString() : null;
    }

    private static string Transform(string macro, SpfLetters letters)
    {
        var value = letters.Of(char.ToLowerInvariant(macro[0]));
        var at = 1;
        while (at < macro.Length && char.IsAsciiDigit(macro[at]))
        {
            at++;
        }

        var count = at > 1 && int.TryParse(macro.AsSpan(1, at - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var digits) ? digits : int.MaxValue;
        var isReversed = at < macro.Length && macro[at] is 'r' or 'R';
        var delimiters = macro[(isReversed ? at + 1 : at)..];
        if (at > 1 || isReversed || delimiters.Length > 0)
        {
            var parts = value.Split((delimiters.Length > 0 ? delimiters : ".").ToCharArray());
            if (isReversed)
            {
                Array.Reverse(parts);
            }

            value = string.Join('.', parts.Skip(Math.Max(0, parts.Length - count)));
        }

        return char.IsAsciiLetterUpper(macro[0]) ? Uri.EscapeDataString(value) : value;
    }

    // Where the literal text behind the last macro begins.
    private static bool Scan(string text, bool forExplanation, out int literalFrom)
    {
        literalFrom = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != '%')
            {
                if (text[at] is < '!' or > '~' && !(forExplanation && text[at] == ' '))
                {
                    return false;
                }

                continue;
            }

            at++;
            if (at == text.Length || (text[at] is not ('%' or '_' or '-') && !IsMacro(text, ref at, forExplanation)))
            {
                return false;
            }

            literalFrom = at + 1;
        }

        return true;
    }

    // At "{"; ends at "}".
    private static bool IsMacro(string text, ref int at, bool forExplanation)
    {
        var end = text[at] == '{' ? text.IndexOf('}', at) : -1;
        var letters = forExplanation ? "slodiphvcrt" : "slodiphv";
        if (end < at + 2 || !letters.Contains(char.ToLowerInvariant(text[at + 1]), StringComparison.Ordinal))
        {
            return false;
        }

        var rest = text.AsSpan(at + 2, end - at - 2);
        var digits = rest.IndexOfAnyExceptInRange('0', '9') is >= 0 and var count ? count : rest.Length;
        if (digits > 0 && rest[..digits].Trim('0').IsEmpty)
        {
            return false;
        }

        rest = rest[digits..];
        rest = rest.Length > 0 && rest[0] is 'r' or 'R' ? rest[1..] : rest;
        at = end;
        return !rest.ContainsAnyExcept(Delimiters);
    }

    private static bool EndsWithTopLabel(string literal)
    {
        literal = literal[^1] == '.' ? literal[..^1] : literal;
        return literal.LastIndexOf('.') is >= 0 and var dot && IsTopLabel(literal.AsSpan(dot + 1));
    }
}
