using System.Buffers;

namespace Engine.Feedback.Reading;

/// <summary>Words looked for in one pass. Case does not count for words in ASCII; those of other scripts are taken as they stand, and looked for only in text that has any. Immutable; any thread.</summary>
/// <param name="words">The words.</param>
internal sealed class WordSet(params IReadOnlyList<string> words)
{
    private readonly SearchValues<string> _plain = SearchValues.Create([.. words.Where(IsPlain)], StringComparison.OrdinalIgnoreCase);
    private readonly SearchValues<string>? _wide = words.All(IsPlain) ? null : SearchValues.Create([.. words.Where(static word => !IsPlain(word))], StringComparison.Ordinal);

    /// <summary>Whether any of the words is in the text.</summary>
    public bool In(ReadOnlySpan<char> text) => text.ContainsAny(_plain) || (_wide is not null && !IsPlain(text) && text.ContainsAny(_wide));

    /// <summary>Where the first of the words in ASCII stands; −1 for nowhere.</summary>
    public int FirstIn(ReadOnlySpan<char> text) => text.IndexOfAny(_plain);

    /// <summary>Where the first of the words of other scripts stands; −1 for nowhere.</summary>
    public int FirstWideIn(ReadOnlySpan<char> text) => _wide is null || IsPlain(text) ? -1 : text.IndexOfAny(_wide);

    private static bool IsPlain(string word) => IsPlain(word.AsSpan());

    private static bool IsPlain(ReadOnlySpan<char> text) => System.Text.Ascii.IsValid(text);
}
