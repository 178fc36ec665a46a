using System.Text.RegularExpressions;

namespace Engine.Tests.House;

/// <summary>The files of the repository the tests run in.</summary>
internal static class Repository
{
    private static readonly Lazy<IReadOnlyList<SourceFile>> Files = new(Read);

    /// <summary>Where Engine.sln stands.</summary>
    public static string Root { get; } = Find();

    public static IReadOnlyList<SourceFile> Sources => Files.Value;

    public static IEnumerable<SourceFile> Of(string project) => Sources.Where(file => file.Project == project);

    /// <summary>Folders of the engine that hold code.</summary>
    public static IReadOnlyList<string> Rooms => [.. Of("Engine").Select(file => file.Room).Where(room => room.Length > 0).Distinct().Order(StringComparer.Ordinal)];

    public static string PathOf(string relative) => Path.Join(Root, relative);

    /// <summary>Every match in the code of the files, as <c>file:line: match</c>.</summary>
    public static IEnumerable<string> Grep(IEnumerable<SourceFile> files, Regex pattern) =>
        from file in files
        from Match match in pattern.Matches(file.Parsed.Code)
        select $"{file.Path}:{SourceText.LineOf(file.Text, match.Index)}: {match.Value.Trim()}";

    /// <summary>Fails with one breach a line.</summary>
    public static void AssertNone(IEnumerable<string> breaches)
    {
        var list = breaches.Order(StringComparer.Ordinal).ToList();
        Assert.That(list, Is.Empty, () => string.Join(Environment.NewLine, list.Prepend($"{list.Count} breaches:")));
    }

    private static string Find()
    {
        var directory = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        while (directory is not null && !File.Exists(Path.Join(directory.FullName, "Engine.sln")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new DirectoryNotFoundException("No Engine.sln above the tests.");
    }

    private static IReadOnlyList<SourceFile> Read() =>
    [
        .. from project in new[] { "Engine", "Engine.Tests", "Benchmarks" }
           from file in Directory.EnumerateFiles(PathOf(project), "*.cs", SearchOption.AllDirectories)
           let path = Path.GetRelativePath(Root, file).Replace('\\', '/')
           where path.Split('/')[1] is not ("bin" or "obj")
           orderby path
           select new SourceFile(path, File.ReadAllText(file)),
    ];
}
