namespace Engine.Classification;

/// <summary>Which reply codes a pattern can match: 200 to 599, and no code at all. Read off the start of the pattern, never too few.</summary>
internal sealed class CodeSet
{
    private const int First = 200;

    private const int Count = 400;

    private readonly bool[] _codes = new bool[Count + 1];

    private CodeSet()
    {
    }

    /// <summary>Places a set has: one for each code, the last for no code.</summary>
    public static int Places => Count + 1;

    public bool this[int place] => _codes[place];

    /// <summary>The place of a code; that of none for what is no code.</summary>
    public static int PlaceOf(ushort code) => code is >= First and < First + Count ? code - First : Count;

    /// <param name="pattern">A regex without alternatives at its top: see <see cref="PatternAlternatives"/>.</param>
    /// <param name="bound"><c>421</c>, <c>4xx</c>, <c>5xx</c> or null.</param>
    public static CodeSet Of(string pattern, string? bound)
    {
        var codes = new CodeSet();
        codes.Add(pattern);
        for (var place = 0; bound is not null && place <= Count; place++)
        {
            codes._codes[place] &= place < Count && Fits(bound, place + First);
        }

        return codes;
    }

    private static bool Fits(string bound, int code) => bound[1] == 'x' ? code / 100 == bound[0] - '0' : code == int.Parse(bound, provider: null);

    private void Add(string alternative)
    {
        var digits = alternative is ['^', ..] ? Digits(alternative.AsSpan(1)) : null;
        if (digits is null)
        {
            Array.Fill(_codes, true);
            return;
        }

        // Without a code the text may begin with anything.
        _codes[Count] = true;

        for (var code = First; code < First + Count; code++)
        {
            _codes[code - First] |= digits.Exists(masks => Has(masks[0], code / 100) && Has(masks[1], code / 10 % 10) && Has(masks[2], code % 10));
        }
    }

    private static bool Has(int mask, int digit) => (mask & (1 << digit)) != 0;

    // The three digits a pattern begins with, each as a mask, one entry for each way; null where it does not begin so.
    private static List<int[]>? Digits(ReadOnlySpan<char> pattern)
    {
        if (pattern.StartsWith("\\d{3}", StringComparison.Ordinal))
        {
            return Quantified(pattern[5..]) ? null : [[0x3FF, 0x3FF, 0x3FF]];
        }

        if (pattern is ['(', ..] && pattern.IndexOf(')') is > 0 and var end)
        {
            var ways = new List<int[]>();
            var inner = pattern[1..end];
            foreach (var range in inner.Split('|'))
            {
                if (Plain(inner[range]) is not { } masks)
                {
                    return null;
                }

                ways.Add(masks);
            }

            return Quantified(pattern[(end + 1)..]) ? null : ways;
        }

        return Plain(pattern, exactly: false) is { } way ? [way] : null;
    }

    private static int[]? Plain(ReadOnlySpan<char> pattern, bool exactly = true)
    {
        var masks = new int[3];
        for (var index = 0; index < masks.Length; index++)
        {
            if (!TryDigit(ref pattern, out masks[index]))
            {
                return null;
            }
        }

        return (exactly && !pattern.IsEmpty) || Quantified(pattern) ? null : masks;
    }

    private static bool Quantified(ReadOnlySpan<char> rest) => rest is ['?' or '*' or '+' or '{', ..];

    private static bool TryDigit(ref ReadOnlySpan<char> pattern, out int mask)
    {
        mask = 0;
        switch (pattern)
        {
            case ['\\', 'd', .. var rest]:
                mask = 0x3FF;
                pattern = rest;
                break;
            case [>= '0' and <= '9', .. var rest]:
                mask = 1 << (pattern[0] - '0');
                pattern = rest;
                break;
            case ['[', .. var rest] when rest.IndexOf(']') is > 0 and var end && rest[..end].IndexOfAnyExceptInRange('0', '9') < 0:
                foreach (var digit in rest[..end])
                {
                    mask |= 1 << (digit - '0');
                }

                pattern = rest[(end + 1)..];
                break;
            default:
                return false;
        }

        return !Quantified(pattern);
    }
}
