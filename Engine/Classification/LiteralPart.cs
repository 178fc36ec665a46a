namespace Engine.Classification;

/// <summary>What is known of a part of a pattern.</summary>
/// <param name="Whole">Every text it can be; null when they are many.</param>
/// <param name="Needed">Texts one of which any match of it holds; null when there are none to go by.</param>
internal readonly record struct LiteralPart(List<string>? Whole, List<string>? Needed)
{
    private const int MaxNeeded = 1_024;

    /// <summary>Nothing is known.</summary>
    public static LiteralPart Open => new(null, null);

    /// <summary>A place, not a text: an anchor.</summary>
    public static LiteralPart Nothing => new([string.Empty], null);

    public static LiteralPart Of(List<string> texts) => new(texts, Better(null, texts));

    /// <summary>One part or the other.</summary>
    /// <param name="one">The one.</param>
    /// <param name="other">The other.</param>
    /// <param name="most">More texts than these are many.</param>
    public static LiteralPart Either(LiteralPart one, LiteralPart other, int most) => new(
        one.Whole is not null && other.Whole is not null && one.Whole.Count + other.Whole.Count <= most ? [.. one.Whole, .. other.Whole] : null,
        one.Needed is not null && other.Needed is not null && one.Needed.Count + other.Needed.Count <= MaxNeeded ? [.. one.Needed, .. other.Needed] : null);

    /// <summary>The set that leaves fewer replies over: the one whose shortest text is longer, then the smaller one.</summary>
    public static List<string>? Better(List<string>? one, List<string>? other) => (Weight(one), Weight(other)) switch
    {
        (0, 0) => null,
        var (left, right) when left != right => left > right ? one : other,
        _ => one!.Count <= other!.Count ? one : other,
    };

    private static int Weight(List<string>? texts) => texts is null ? 0 : Math.Min(texts.Min(static text => text.Length), PatternLiterals.MaxLength / 2);
}
