using System.Text;
using Engine.Configuration.Reading;

namespace Engine.Tests.Configuration;

internal sealed class ReadingTests
{
    private const string Document = """
        // A comment first.
        {
          "a": 1, /* and one
          over two lines */ "b": [ true, null,
            "text",
          ],
          "c.d": {
            "e": { "f": -1.5e3 }
          },
        }
        """;

    [TestCase("$", SettingKind.Object, 2, "")]
    [TestCase("$.a", SettingKind.Number, 3, "1")]
    [TestCase("$.b", SettingKind.List, 4, "")]
    [TestCase("$.b[0]", SettingKind.Boolean, 4, "true")]
    [TestCase("$.b[1]", SettingKind.Null, 4, "")]
    [TestCase("$.b[2]", SettingKind.Text, 5, "text")]
    [TestCase("$['c.d']", SettingKind.Object, 7, "")]
    [TestCase("$['c.d'].e", SettingKind.Object, 8, "")]
    [TestCase("$['c.d'].e.f", SettingKind.Number, 8, "-1.5e3")]
    public void Every_value_knows_its_path_and_line(string path, object kind, int line, string text)
    {
        var value = All(Read(Document, out _)!).Single(value => value.Path.ToString() == path);

        Assert.That((value.Kind, value.Line, value.Text, value.File), Is.EqualTo(((SettingKind)kind, line, text, "engine.json")));
    }

    [Test]
    public void A_byte_order_mark_and_CRLF_change_no_line()
    {
        var root = Read('\uFEFF' + Document.ReplaceLineEndings("\r\n"), out _)!;

        Assert.That(root.Find("c.d")!.Line, Is.EqualTo(7));
    }

    [TestCase("{ \"a\": 1 }", "$.x", 1, Description = "what is not written is at what would hold it")]
    [TestCase("{\n\"a\": {\n\"b\":\n1 } }", "$.a.b", 3, Description = "the line of the key, not of the value")]
    [TestCase("{\n\"a\": {\n\"b\": 1 } }", "$.a.c.d", 2)]
    [TestCase("{\n\"a\": [\n1,\n2] }", "$.a[1]", 4)]
    [TestCase("{\n\"a\": [\n1,\n2] }", "$.a[2]", 2)]
    [TestCase("{\n\"domains\": {\n\"BÜCHER.example\": 1 } }", "$.domains['xn--bcher-kva.example']", 3, Description = "a domain is found by its one form")]
    public void The_nearest_place_of_a_path_is_found(string json, string path, int line)
    {
        var way = Path(path);

        Assert.That(way.ToString(), Is.EqualTo(path));
        Assert.That(Read(json, out _)!.Nearest(way).Line, Is.EqualTo(line));
    }

    [TestCase("{\n\"a\": 1,\n\"b\": 2,\n\"a\": 3 }", "4: $.a: the key 'a' stands twice in this object, first on line 2")]
    [TestCase("{ \"x\": { \"a\": 1 }, \"y\": { \"a\": 1 } }", "")]
    [TestCase("{ \"a\": \"\\u0061\", \"\\u0061\": 2 }", "1: $.a: the key 'a' stands twice in this object, first on line 1")]
    [TestCase("{\n\"a\": \"\\ud800\" }", "2: $.a: holds an escape that is no character")]
    [TestCase("", "1: $: is not JSON: The input does not contain any JSON tokens. Expected the input to start with a valid JSON token, when isFinalBlock is true")]
    [TestCase("{\n\"a\": 1\n\"b\": 2 }", "3: $: is not JSON: '\"' is invalid after a value. Expected either ',', '}', or ']'")]
    [TestCase("{\n\"a\": 1 }\n}", "3: $: is not JSON: '}' is invalid after a single JSON value. Expected end of data")]
    [TestCase("{\n'a': 1 }", "2: $: is not JSON: ''' is an invalid start of a property name. Expected a '\"'")]
    public void What_is_wrong_with_the_text_is_said(string json, string expected)
    {
        Read(json, out var findings);

        Assert.That(findings, Is.EqualTo(expected));
    }

    [Test]
    public void Any_cut_of_a_document_is_a_finding_and_no_exception()
    {
        for (var length = 0; length < Document.LastIndexOf('}'); length++)
        {
            Read(Document[..length], out var findings);
            Assert.That(findings, Does.Match("^[0-9]+: \\$: is not JSON: "), Document[..length]);
        }
    }

    [Test]
    public void Octets_that_are_not_UTF_8_are_said_with_their_line()
    {
        var report = new Report();
        var root = new SettingReader("engine.json", new byte[] { (byte)'{', (byte)'\n', (byte)'"', 0xFF, (byte)'"' }, new EnvironmentText(_ => null), report).Read();

        Assert.That(root, Is.Null);
        Assert.That(report.ToFindings(null, "engine.json").All.Select(finding => finding.ToString()), Is.EqualTo(new[] { "engine.json:2: $: is not UTF-8" }));
    }

    [TestCase("${A}", "one", null)]
    [TestCase("x${A}y${B}z", "xoney$twoz", null)]
    [TestCase("$pbkdf2-sha256$1$a$b", "$pbkdf2-sha256$1$a$b", null)]
    [TestCase("${C}", "${C}", "the environment variable C is not set")]
    [TestCase("${C}${D}", "${C}${D}", "the environment variable C is not set")]
    [TestCase("${1}", "${1}", "expected \"${NAME}\" with the name of an environment variable, found \"${1}\"")]
    [TestCase("a ${A", "a ${A", "expected \"${NAME}\" with the name of an environment variable, found \"a ${A\"")]
    public void The_environment_fills_texts(string text, string expected, string? fault)
    {
        var environment = new EnvironmentText(name => name switch { "A" => "one", "B" => "$two", _ => null });

        Assert.That(environment.Expand(text, out var found), Is.EqualTo(expected));
        Assert.That(found, Is.EqualTo(fault));
    }

    private static Setting? Read(string json, out string findings)
    {
        var report = new Report();
        var root = new SettingReader("engine.json", Encoding.UTF8.GetBytes(json), new EnvironmentText(_ => null), report).Read();
        findings = string.Join('\n', report.ToFindings(root, "engine.json").All.Select(finding => $"{finding.Line}: {finding.Path}: {finding.Message}"));
        return root;
    }

    private static IEnumerable<Setting> All(Setting setting) =>
        setting.Members.Select(member => member.Value).Concat(setting.Items).SelectMany(All).Prepend(setting);

    private static JsonPath Path(string text) => text.Split(['.', '[', ']', '\''], StringSplitOptions.RemoveEmptyEntries) switch
    {
        ["$", "domains", ..] => JsonPath.Root["domains"]["xn--bcher-kva.example"],
        var steps => steps.Skip(1).Aggregate(JsonPath.Root, (path, step) => int.TryParse(step, out var index) ? path[index] : path[step]),
    };
}
