namespace Engine.Classification;

/// <summary>Splits a regex at the bars outside of groups and classes: several small automata, each behind its own texts, are faster than a large one.</summary>
internal static class PatternAlternatives
{
    /// <summary>The alternatives; the pattern itself where it sets options inside, which would hold for those behind.</summary>
    public static IReadOnlyList<string> Of(string pattern)
    {
        if (pattern.Replace("(?:", "(", StringComparison.Ordinal).Contains("(?", StringComparison.Ordinal))
        {
            return [pattern];
        }

        var (parts, depth, start, isClass) = (new List<string>(), 0, 0, false);
        for (var index = 0; index < pattern.Length; index++)
        {
            switch (pattern[index])
            {
                case '\\':
                    index++;
                    break;
                case '[' when !isClass:
                    isClass = true;
                    break;
                case ']':
                    isClass = false;
                    break;
                case '(' when !isClass:
                    depth++;
                    break;
                case ')' when !isClass:
                    depth--;
                    break;
                case '|' when !isClass && depth == 0:
                    parts.Add(pattern[start..index]);
                    start = index + 1;
                    break;
                default:
                    break;
            }
        }

        parts.Add(pattern[start..]);
        return parts;
    }
}
