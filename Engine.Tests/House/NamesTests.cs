using System.Text.RegularExpressions;

namespace Engine.Tests.House;

/// <summary>Limits of size, names that say nothing, and calls that make code untestable.</summary>
internal sealed partial class NamesTests
{
    private const int MaxFileLines = 400;

    private const int MaxFunctionLines = 60;

    private const int MaxLongTables = 10;

    private static readonly string[] Empty = ["Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Utilities", "Common", "Impl"];

    private static readonly string[] EmptyAtTheEnd = ["Base", "Info", "Data"];

    private static readonly string[] Generators = ["LoggerMessage", "GeneratedRegex", "JsonSerializable", "LibraryImport"];

    [Test]
    public void Files_are_short() =>
        Repository.AssertNone(
            from file in Repository.Sources
            let lines = file.Text.AsSpan().TrimEnd().Count('\n') + 1
            where lines > MaxFileLines
            select $"{file.Path}: {lines} lines, at most {MaxFileLines}");

    [Test]
    public void Functions_are_short() =>
        Repository.AssertNone(
            from file in Repository.Sources
            from function in file.Members
            where function.Kind is MemberKind.Function && function.Lines > MaxFunctionLines && !IsLongTable(function)
            select $"{file.At(function)}: {function.Name} has {function.Lines} lines, at most {MaxFunctionLines}");

    [Test]
    public void Long_tables_are_few()
    {
        var tables = (from file in Repository.Sources
                      from function in file.Members
                      where IsLongTable(function)
                      select file.At(function)).ToList();

        Assert.That(tables, Has.Count.AtMost(MaxLongTables), () => string.Join(Environment.NewLine, tables));
    }

    [Test]
    public void A_long_table_is_long() =>
        Repository.AssertNone(
            from file in Repository.Sources
            from function in file.Members
            where IsLongTable(function) && function.Lines <= MaxFunctionLines
            select $"{file.At(function)}: {function.Name} needs no exemption");

    [Test]
    public void Types_are_named_for_what_they_decide_or_hold() =>
        Repository.AssertNone(
            from file in Repository.Sources
            from type in file.Types
            where SaysNothing(type.Name)
            select $"{file.At(type)}: {type.Name}");

    [Test]
    public void A_file_is_named_after_its_type() =>
        Repository.AssertNone(
            from file in Repository.Sources
            where file.Types.Any()
            let name = Path.GetFileNameWithoutExtension(file.Path)
            where !file.Types.Any(type => type.Name == name)
            select $"{file.Path} holds {string.Join(", ", file.Types.Select(type => type.Name))}");

    [Test]
    public void Partial_types_are_for_source_generators() =>
        Repository.AssertNone(
            from file in Repository.Sources
            from type in file.Types
            where type.Has("partial") && !Array.Exists(Generators, name => type.Code.Contains(name, StringComparison.Ordinal) || type.Attributes.Contains(name, StringComparison.Ordinal))
            select $"{file.At(type)}: {type.Name}");

    [Test]
    public void A_type_stands_in_one_file() =>
        Repository.AssertNone(
            from file in Repository.Sources
            from type in file.Types
            where type.Has("partial")
            group file.Path by $"{Path.GetDirectoryName(file.Path)}/{type.Name}" into places
            where places.Distinct().Count() > 1
            select $"{places.Key}: {string.Join(", ", places)}");

    [Test]
    public void There_are_no_regions() =>
        Repository.AssertNone(
            from file in Repository.Sources
            where file.Parsed.Directives.Any(line => line.StartsWith("#region", StringComparison.Ordinal))
            select file.Path);

    [Test]
    public void There_is_no_static_mutable_state() =>
        Repository.AssertNone(
            from file in Repository.Of("Engine")
            from field in file.Members
            where IsStaticMutable(field)
            select $"{file.At(field)}: {field.Name}");

    [Test]
    public void The_clock_and_chance_are_injected() =>
        Repository.AssertNone(Repository.Grep(Repository.Of("Engine"), ClockOrChance()));

    [Test]
    public void Nothing_sleeps() => Repository.AssertNone(Repository.Grep(Repository.Sources, Sleep()));

    [Test]
    public void Delays_name_their_clock() =>
        Repository.AssertNone(Repository.Grep(Repository.Of("Engine"), Delay()).Where(line => !Clock().IsMatch(line)));

    [Test]
    public void Tests_await_signals_and_not_time() => Repository.AssertNone(Repository.Grep(Repository.Of("Engine.Tests"), Delay()));

    [Test]
    public void The_console_belongs_to_the_command_line() =>
        Repository.AssertNone(Repository.Grep(Repository.Of("Engine").Where(file => file.Room is not ("Cli" or "Demo")), ConsoleUse()));

    [Test]
    public void Nothing_is_left_for_later()
    {
        var notes = from file in Repository.Sources
                    from Match note in Note().Matches(file.Parsed.Comments)
                    select $"{file.Path}:{SourceText.LineOf(file.Text, note.Index)}: {note.Value}";

        Repository.AssertNone(notes.Concat(Repository.Grep(Repository.Sources, Unfinished())));
    }

    [TestCase("QueueManager", true)]
    [TestCase("ManagerOfQueues", true)]
    [TestCase("MailUtils", true)]
    [TestCase("ClientBase", true)]
    [TestCase("SourceInfo", true)]
    [TestCase("Data", true)]
    [TestCase("Base32", false)]
    [TestCase("DataReader", false)]
    [TestCase("Database", false)]
    [TestCase("Information", false)]
    [TestCase("Commonwealth", false)]
    public void A_name_says_nothing(string name, bool expected) => Assert.That(SaysNothing(name), Is.EqualTo(expected));

    [TestCase("private static int A;", true)]
    [TestCase("private static int A = 1;", true)]
    [TestCase("private static readonly int A = 1;", false)]
    [TestCase("private const int A = 1;", false)]
    [TestCase("[ThreadStatic]\nprivate static byte[]? A;", false)]
    [TestCase("private static int A { get; set; }", true)]
    [TestCase("private static int A { get; } = 1;", false)]
    [TestCase("private static int A() => 1;", false)]
    [TestCase("private int A;", false)]
    public void Static_and_mutable_is(string member, bool expected) =>
        Assert.That(IsStaticMutable(MemberScan.Of($"class C {{ {member} }}")[1]), Is.EqualTo(expected));

    [TestCase("await Task.Delay(wait, _clock, stop);", true)]
    [TestCase("await Task.Delay(wait, TimeProvider.System);", true)]
    [TestCase("await Task.Delay(Until(clock.GetUtcNow()), stop);", false)]
    [TestCase("await Task.Delay(100);", false)]
    [TestCase("await Task.Delay(wait, stop);", false)]
    public void A_delay_names_its_clock(string code, bool expected) => Assert.That(Clock().IsMatch(Delay().Match(code).Value), Is.EqualTo(expected));

    [TestCase("Console.WriteLine();", true)]
    [TestCase("System.Console.Out", true)]
    [TestCase("using Spectre.Console;", false)]
    [TestCase("new Spectre.Console.Table()", false)]
    [TestCase("AnsiConsole.Write()", false)]
    public void The_console_is_seen(string code, bool expected) => Assert.That(ConsoleUse().IsMatch(code), Is.EqualTo(expected));

    private static bool IsLongTable(Member function) => function.Attributes.Contains("LongTable", StringComparison.Ordinal);

    private static bool SaysNothing(string name)
    {
        var words = Word().Matches(name).Select(match => match.Value).ToList();
        return words.Exists(Empty.Contains) || EmptyAtTheEnd.Contains(words[^1]);
    }

    private static bool IsStaticMutable(Member member) =>
        member.Has("static")
        && !member.Attributes.Contains("ThreadStatic", StringComparison.Ordinal)
        && (member.Kind is MemberKind.Field ? !member.Has("readonly") : member.Kind is MemberKind.Function && AutoSetter().IsMatch(member.Code));

    [GeneratedRegex(@"[A-Z]+(?![a-z])[0-9]*|[A-Z][a-z0-9]*|[a-z0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    [GeneratedRegex(@"\bset\s*;", RegexOptions.CultureInvariant)]
    private static partial Regex AutoSetter();

    [GeneratedRegex(@"\bDateTime(Offset)?\.(Utc)?(Now|Today)\b|\bRandom\.Shared\b|\bnew Random\(\)", RegexOptions.CultureInvariant)]
    private static partial Regex ClockOrChance();

    [GeneratedRegex(@"\bThread\.Sleep\b", RegexOptions.CultureInvariant)]
    private static partial Regex Sleep();

    [GeneratedRegex(@"\bTask\.Delay\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)", RegexOptions.CultureInvariant)]
    private static partial Regex Delay();

    [GeneratedRegex(@",\s*\w*(?:[cC]lock|[tT]ime|[tT]imeProvider|TimeProvider\.System)\s*[,)]", RegexOptions.CultureInvariant)]
    private static partial Regex Clock();

    [GeneratedRegex(@"(?<![\w.])(?:System\.)?Console\.", RegexOptions.CultureInvariant)]
    private static partial Regex ConsoleUse();

    [GeneratedRegex(@"\b(?:TODO|FIXME|HACK|XXX)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Note();

    [GeneratedRegex(@"\bNotImplementedException\b", RegexOptions.CultureInvariant)]
    private static partial Regex Unfinished();
}
