namespace Engine.Configuration.Binding;

/// <summary>Finds what was probably meant.</summary>
internal static class NearestName
{
    /// <summary>
    /// The known name with the fewest slips: a letter changed, added, left out, or two swapped; case does not count. Null when none is near.
    /// </summary>
    public static string? Of(string written, IEnumerable<string> known) => known
        .Select(name => (Name: name, Slips: Slips(written.ToLowerInvariant(), name.ToLowerInvariant())))
        .Where(candidate => candidate.Slips <= Math.Max(1, Math.Min(candidate.Name.Length, written.Length) / 3))
        .OrderBy(candidate => candidate.Slips)
        .Select(candidate => candidate.Name)
        .FirstOrDefault();

    /// <summary>For the end of a finding: <c>; did you mean 'bulk'?</c>, or the known names where they are few, or nothing.</summary>
    public static string Hint(string written, IReadOnlyCollection<string> known) => Of(written, known) switch
    {
        { } name => $"; did you mean '{name}'?",
        null when known.Count is > 0 and <= 12 => $"; known here: {string.Join(", ", known)}",
        _ => string.Empty,
    };

    // Optimal string alignment, three rows at a time.
    private static int Slips(string left, string right)
    {
        int[] before = [], above = [.. Enumerable.Range(0, right.Length + 1)];
        for (var row = 1; row <= left.Length; row++)
        {
            var current = new int[right.Length + 1];
            current[0] = row;
            for (var column = 1; column <= right.Length; column++)
            {
                var change = above[column - 1] + (left[row - 1] == right[column - 1] ? 0 : 1);
                current[column] = Math.Min(change, Math.Min(above[column], current[column - 1]) + 1);
                if (row > 1 && column > 1 && left[row - 1] == right[column - 2] && left[row - 2] == right[column - 1])
                {
                    current[column] = Math.Min(current[column], before[column - 2] + 1);
                }
            }

            (before, above) = (above, current);
        }

        return above[right.Length];
    }
}
