namespace Engine.Delivery.Sts;

/// <summary>Whether a policy names an exchanger. RFC 8461 §4.1.</summary>
internal static class StsMatch
{
    /// <summary>Letters of either case are equal; a wildcard stands for exactly one label, the first. Allocates nothing.</summary>
    /// <param name="host">The exchanger's name out of the MX record; A-labels.</param>
    /// <param name="patterns">The policy's <c>mx</c> fields; A-labels. Without any nothing matches.</param>
    public static bool Matches(string host, IReadOnlyList<string> patterns)
    {
        var name = host.AsSpan().TrimEnd('.');
        for (var index = 0; index < patterns.Count; index++)
        {
            if (Matches(name, patterns[index]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Matches(ReadOnlySpan<char> name, ReadOnlySpan<char> pattern)
    {
        if (!pattern.StartsWith("*.", StringComparison.Ordinal))
        {
            return !name.IsEmpty && name.Equals(pattern, StringComparison.OrdinalIgnoreCase);
        }

        var dot = name.IndexOf('.');
        return dot > 0 && name[dot..].Equals(pattern[1..], StringComparison.OrdinalIgnoreCase);
    }
}
