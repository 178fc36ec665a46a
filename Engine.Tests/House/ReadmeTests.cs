using System.Text.RegularExpressions;

namespace Engine.Tests.House;

/// <summary>What the readmes name exists.</summary>
internal sealed partial class ReadmeTests
{
    private const int MaxLines = 80;

    [Test]
    public void Every_room_has_a_readme() =>
        Repository.AssertNone(
            from room in Repository.Rooms
            where !File.Exists(Repository.PathOf($"Engine/{room}/README.md"))
            select $"Engine/{room}/README.md is missing");

    [Test]
    public void A_room_readme_is_short() =>
        Repository.AssertNone(
            from readme in RoomReadmes()
            let lines = readme.Text.AsSpan().TrimEnd().Count('\n') + 1
            where lines > MaxLines
            select $"{readme.Path}: {lines} lines, at most {MaxLines}");

    [Test]
    public void A_room_readme_is_headed_by_its_room() =>
        Repository.AssertNone(
            from readme in RoomReadmes()
            let heading = readme.Text.Split('\n')[0].TrimEnd()
            where heading != $"# {readme.Room}"
            select $"{readme.Path}: '{heading}' is not '# {readme.Room}'");

    [Test]
    public void What_a_room_readme_names_exists()
    {
        var code = string.Concat(Repository.Sources.Select(file => file.Parsed.Code));
        var text = string.Concat(Repository.Sources.Select(file => file.Text));
        Repository.AssertNone(
            from readme in RoomReadmes()
            from name in NamesIn(readme.Text)
            where !Exists(name, readme.Room, code, text)
            select $"{readme.Path}: `{name}` is nowhere");
    }

    [Test]
    public void Links_lead_somewhere() =>
        Repository.AssertNone(
            from path in RoomReadmes().Select(readme => readme.Path).Concat(["README.md", "Engine/README.md", "Benchmarks/README.md", "samples/README.md"])
            where File.Exists(Repository.PathOf(path))
            from Match link in Link().Matches(File.ReadAllText(Repository.PathOf(path)))
            let target = Path.Join(Path.GetDirectoryName(Repository.PathOf(path)), link.Groups[1].Value)
            where !Path.Exists(target)
            select $"{path}: {link.Value} leads nowhere");

    [Test]
    public void What_the_root_readme_names_exists()
    {
        if (!File.Exists(Repository.PathOf("README.md")))
        {
            Assert.Ignore("There is no README.md yet.");
        }

        Repository.AssertNone(
            from Match match in Ticked().Matches(File.ReadAllText(Repository.PathOf("README.md")))
            let name = match.Groups[1].Value
            where OwnPath().IsMatch(name) && !Path.Exists(Repository.PathOf(name))
            select $"README.md: `{name}` is nowhere");
    }

    [TestCase("see `Wire/Connection.cs`", true)]
    [TestCase("see `Connection.cs`", true)]
    [TestCase("see `Wire/Disconnection.cs`", false)]
    [TestCase("see `DomainName`", true)]
    [TestCase("see `DomainName.TryParse`", true)]
    [TestCase("see `IReadOnlyList<Finding>`", true)]
    [TestCase("see `Connection.HasPending`, `STARTTLS`, `250 2.0.0`, `engine_x_total`, `Message-ID`", true)]
    [TestCase("see `ConnectionPoolKeeper9`", false)]
    [TestCase("see `DomainName.TryGuess9`", false)]
    [TestCase("```\nNoSuchTypeAtAll9 in a block\n```", true)]
    public void A_name_is_checked(string readme, bool expected)
    {
        const string Code = "class DomainName { bool TryParse(); } class Connection { bool HasPending; IReadOnlyList<Finding> F; }";

        Assert.That(NamesIn(readme).All(name => Exists(name, "Wire", Code, Code)), Is.EqualTo(expected));
    }

    private static IEnumerable<(string Room, string Path, string Text)> RoomReadmes() =>
        from room in Repository.Rooms
        let path = $"Engine/{room}/README.md"
        where File.Exists(Repository.PathOf(path))
        select (room, path, File.ReadAllText(Repository.PathOf(path)));

    private static IEnumerable<string> NamesIn(string readme) =>
        from Match match in Ticked().Matches(Fenced().Replace(readme, string.Empty))
        let name = match.Groups[1].Value
        where SourcePath().IsMatch(name) || TypeOrMember().IsMatch(name)
        select name;

    // A name of one word may be a header or a verb, so it may stand anywhere in the sources; a compound one must be code.
    private static bool Exists(string name, string room, string code, string text) =>
        SourcePath().IsMatch(name)
            ? File.Exists(Repository.PathOf($"Engine/{room}/{name}")) || File.Exists(Repository.PathOf($"Engine/{name}")) || File.Exists(Repository.PathOf(name))
            : Identifier().Matches(name).All(part =>
                Regex.IsMatch(part.Value[1..].Any(char.IsUpper) ? code : text, $@"\b{part.Value}\b", RegexOptions.CultureInvariant));

    [GeneratedRegex("`([^`\r\n]+)`", RegexOptions.CultureInvariant)]
    private static partial Regex Ticked();

    [GeneratedRegex("^```.*?^```", RegexOptions.CultureInvariant | RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fenced();

    [GeneratedRegex(@"^[\w./-]+\.cs$", RegexOptions.CultureInvariant)]
    private static partial Regex SourcePath();

    [GeneratedRegex(@"^(?:Engine|Engine\.Tests|Benchmarks|samples|\.ci)/[\w./-]+$", RegexOptions.CultureInvariant)]
    private static partial Regex OwnPath();

    [GeneratedRegex(@"^[A-Z]\w*[a-z]\w*(?:<[\w<>, ]+>)?(?:\.[A-Z]\w*)*(?:\(.*\))?$", RegexOptions.CultureInvariant)]
    private static partial Regex TypeOrMember();

    [GeneratedRegex(@"[A-Z]\w*", RegexOptions.CultureInvariant)]
    private static partial Regex Identifier();

    [GeneratedRegex(@"\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)", RegexOptions.CultureInvariant)]
    private static partial Regex Link();
}
