using System.Text.RegularExpressions;

namespace Engine.Tests.House;

/// <summary>The import rules of the house. The table is that of architecture.md §2 and stands in Engine/README.md too.</summary>
internal sealed partial class ModuleMapTests
{
    private const string EverythingBelow = "*";

    // Every room may import Mail and Configuration as well. A star is every room of a lower rank.
    private static readonly (int Rank, string Room, string[] Imports)[] Map =
    [
        (0, "Mail", []),
        (1, "Configuration", ["Mail"]),
        (2, "Wire", []),
        (2, "Dkim", []),
        (2, "Queue", []),
        (2, "Suppression", []),
        (2, "Classification", []),
        (2, "Limits", []),
        (2, "Observability", []),
        (3, "Dns", ["Wire"]),
        (3, "Filtering", ["Wire"]),
        (4, "Reputation", ["Dns", "Limits"]),
        (5, "Routing", ["Dns", "Reputation"]),
        (5, "Scheduling", ["Reputation", "Limits"]),
        (5, "Preflight", ["Dns", "Dkim", "Reputation"]),
        (5, "Feedback", ["Queue", "Suppression", "Reputation", "Classification"]),
        (6, "Delivery", ["Wire", "Dns", "Queue", "Suppression", "Classification", "Reputation", "Routing", "Scheduling", "Limits"]),
        (6, "Submission", ["Wire", "Dns", "Dkim", "Queue", "Suppression", "Filtering", "Feedback", "Preflight", "Reputation", "Limits"]),
        (6, "Reports", ["Wire", "Dns"]),
        (7, "Daemon", [EverythingBelow]),
        (8, "Admin", [EverythingBelow]),
        (9, "Demo", [EverythingBelow]),
        (10, "Cli", [EverythingBelow]),
    ];

    [Test]
    public void A_folder_imports_only_what_the_map_allows()
    {
        var types = Repository.Of("Engine").ToLookup(file => file.Room, file => file.Types.Select(type => type.Name));
        var breaches = from file in Repository.Of("Engine")
                       where file.Room.Length > 0
                       from target in ImportsOf(file.Parsed.Code, room => types[room].SelectMany(names => names)).Distinct()
                       where target != file.Room && !MayImport(file.Room, target)
                       select $"{file.Path} -> {target}";

        Repository.AssertNone(breaches);
    }

    [Test]
    public void Every_folder_stands_in_the_map() =>
        Repository.AssertNone(Repository.Rooms.Where(room => !Array.Exists(Map, row => row.Room == room)));

    [Test]
    public void The_map_has_no_circle()
    {
        var open = Map.Select(row => row.Room).ToHashSet();
        while (open.FirstOrDefault(room => !open.Any(other => other != room && MayImport(room, other))) is { } free)
        {
            open.Remove(free);
        }

        Repository.AssertNone(open);
    }

    [Test]
    public void Rooms_import_only_lower_ranks()
    {
        Repository.AssertNone(
            from row in Map
            from import in row.Imports
            where import != EverythingBelow && RankOf(import) >= row.Rank
            select $"{row.Room} -> {import}");
    }

    [Test]
    public void The_table_of_the_readme_is_the_map()
    {
        var readme = TableOf(File.ReadAllText(Repository.PathOf("Engine/README.md")));
        var map = Map.Select(row => $"{row.Rank} {row.Room}: {string.Join(' ', row.Imports)}");

        Assert.That(readme, Is.EqualTo(map));
    }

    [TestCase("using Engine.Dns;", "Dns")]
    [TestCase("var a = Engine.Queue.MailQueue.Open();", "Queue")]
    [TestCase("using Map = Engine.Routing.Deep.Map;", "Routing")]
    [TestCase("Queue.MailQueue a;", "Queue")]
    [TestCase("options.Queue.MailQueue", "")]
    [TestCase("Queue.Memory", "")]
    [TestCase("namespace Engine.Mail;", "Mail")]
    [TestCase("MyEngine.Dns", "")]
    public void Imports_are_seen(string code, string expected) =>
        Assert.That(string.Join(' ', ImportsOf(code, room => room == "Queue" ? ["MailQueue"] : [])), Is.EqualTo(expected));

    [TestCase("Delivery", "Dns", true)]
    [TestCase("Delivery", "Mail", true)]
    [TestCase("Delivery", "Configuration", true)]
    [TestCase("Delivery", "Submission", false)]
    [TestCase("Queue", "Wire", false)]
    [TestCase("Mail", "Configuration", false)]
    [TestCase("Daemon", "Observability", true)]
    [TestCase("Delivery", "Observability", false)]
    [TestCase("Daemon", "Admin", false)]
    public void The_map_says(string room, string target, bool allowed) => Assert.That(MayImport(room, target), Is.EqualTo(allowed));

    private static bool MayImport(string room, string target)
    {
        var row = Array.Find(Map, one => one.Room == room);
        return row.Imports is not null
            && ((target is "Mail" && row.Rank > 0)
                || (target is "Configuration" && row.Rank > 1)
                || row.Imports.Contains(target)
                || (row.Imports.Contains(EverythingBelow) && RankOf(target) < row.Rank));
    }

    private static int RankOf(string room) => Array.Find(Map, row => row.Room == room) is { Room: not null } row ? row.Rank : int.MaxValue;

    // With or without the leading Engine: within it, a folder's name alone resolves too, so types of that folder count after it.
    private static IEnumerable<string> ImportsOf(string code, Func<string, IEnumerable<string>> typesOf) =>
        from Match match in Import().Matches(code)
        let target = match.Groups["whole"] is { Success: true } whole ? whole.Value : match.Groups["room"].Value
        where match.Groups["whole"].Success
            || (Array.Exists(Map, row => row.Room == target) && typesOf(target).Contains(match.Groups["type"].Value))
        select target;

    private static IEnumerable<string> TableOf(string readme) =>
        from line in readme.Split('\n')
        let cells = line.Split('|', StringSplitOptions.TrimEntries)
        where cells.Length > 5 && int.TryParse(cells[1], out _)
        let words = Words().Replace(cells[4], string.Empty).Trim(' ', ',', '–')
        let names = words.Length > 0 ? [EverythingBelow] : Words().Matches(cells[4]).Select(match => match.Groups[1].Value)
        select $"{cells[1]} {cells[2].Trim('`')}: {string.Join(' ', names)}";

    [GeneratedRegex(@"(?<![\w.])(?:Engine\.(?<whole>[A-Z]\w+)|(?<room>[A-Z]\w+)\.(?<type>[A-Z]\w+))", RegexOptions.CultureInvariant)]
    private static partial Regex Import();

    [GeneratedRegex("`([A-Za-z]+)`", RegexOptions.CultureInvariant)]
    private static partial Regex Words();
}
