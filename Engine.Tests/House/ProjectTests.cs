using System.Xml.Linq;

namespace Engine.Tests.House;

/// <summary>What stands at the top of the repository, and how its projects are built.</summary>
internal sealed class ProjectTests
{
    private static readonly string[] Allowed =
    [
        "Engine", "Engine.Tests", "Benchmarks", "samples", "engine.json", "engine.schema.json", "Engine.sln", "LICENSE", "README.md",
    ];

    private static readonly string[] Projects = ["Engine/Engine.csproj", "Engine.Tests/Engine.Tests.csproj", "Benchmarks/Benchmarks.csproj"];

    [Test]
    public void The_top_level_holds_only_what_belongs_there()
    {
        var ignored = File.ReadAllLines(Repository.PathOf(".gitignore")).Select(line => line.Trim('/', ' ')).ToHashSet();

        Repository.AssertNone(
            from path in Directory.EnumerateFileSystemEntries(Repository.Root)
            let name = Path.GetFileName(path)
            where !Allowed.Contains(name) && !name.StartsWith('.') && !ignored.Contains(name) && !IsProperties(name)
            select name);
    }

    [Test]
    public void The_projects_are_the_solution()
    {
        var solution = File.ReadAllText(Repository.PathOf("Engine.sln")).Replace('\\', '/');
        var found = Directory.EnumerateDirectories(Repository.Root)
            .SelectMany(directory => Directory.EnumerateFiles(directory, "*.csproj"))
            .Select(path => Path.GetRelativePath(Repository.Root, path));

        Assert.That(found, Is.EquivalentTo(Projects));
        Repository.AssertNone(Projects.Where(project => !solution.Contains($"\"{project}\"", StringComparison.Ordinal)));
    }

    [Test]
    public void Every_project_has_its_lock_file() =>
        Repository.AssertNone(Projects
            .Select(project => $"{Path.GetDirectoryName(project)}/packages.lock.json")
            .Where(path => !File.Exists(Repository.PathOf(path))));

    [Test]
    public void Versions_stand_in_one_place()
    {
        var central = Elements("Directory.Packages.props", "PackageVersion").ToHashSet();

        Repository.AssertNone(
            from project in Projects
            from reference in Elements(project, "PackageReference")
            where !central.Contains(reference)
            select $"{project}: {reference} has no central version");
        Repository.AssertNone(
            from project in Projects
            from reference in XDocument.Load(Repository.PathOf(project)).Descendants("PackageReference")
            where reference.Attribute("Version") is not null
            select $"{project}: {reference}");
    }

    [Test]
    public void Every_package_is_used() =>
        Repository.AssertNone(Elements("Directory.Packages.props", "PackageVersion").Except(Projects.SelectMany(project => Elements(project, "PackageReference"))));

    private static bool IsProperties(string name) =>
        name.StartsWith("Directory.", StringComparison.Ordinal) && name.EndsWith(".props", StringComparison.Ordinal);

    private static IEnumerable<string> Elements(string file, string name) =>
        XDocument.Load(Repository.PathOf(file)).Descendants(name).Select(element => (string?)element.Attribute("Include") ?? string.Empty);
}
