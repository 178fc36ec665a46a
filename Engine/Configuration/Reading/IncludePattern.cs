using System.IO.Enumeration;

namespace Engine.Configuration.Reading;

/// <summary>
/// Files that a pattern of <c>include</c> names: <c>conf.d/*.json</c>. <c>*</c> and <c>?</c> stand for letters of one file or directory name.
/// </summary>
internal static class IncludePattern
{
    /// <summary>Full paths in ordinal order. Names that begin with a dot need one in the pattern (editors leave such files behind).</summary>
    /// <param name="directory">Where the pattern starts: the directory of engine.json.</param>
    /// <param name="pattern">The pattern.</param>
    /// <returns>Nothing where no file fits.</returns>
    public static IReadOnlyList<string> Expand(string directory, string pattern)
    {
        var full = Path.GetFullPath(pattern, Path.GetFullPath(directory));
        var found = new List<string> { Path.GetPathRoot(full)! };
        var steps = full[found[0].Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        for (var at = 0; at < steps.Length; at++)
        {
            var (step, last) = (steps[at], at == steps.Length - 1);
            found = [.. found.SelectMany(parent => IsPattern(step) ? Matches(parent, step, last) : Existing(Path.Join(parent, step), last))];
        }

        found.Sort(StringComparer.Ordinal);
        return found;
    }

    /// <summary>Whether it may fit no file without that being a fault.</summary>
    public static bool IsPattern(string text) => text.AsSpan().ContainsAny('*', '?');

    private static IEnumerable<string> Existing(string path, bool file) => (file ? File.Exists(path) : Directory.Exists(path)) ? [path] : [];

    private static IEnumerable<string> Matches(string parent, string step, bool file) =>
        (file ? Directory.EnumerateFiles(parent) : Directory.EnumerateDirectories(parent))
            .Where(path => FileSystemName.MatchesSimpleExpression(step, Path.GetFileName(path), ignoreCase: false)
                && (step[0] == '.' || Path.GetFileName(path)[0] != '.'));
}
