using System.Net;
using Engine.Dns;
using Engine.Preflight.Spf;

namespace Engine.Tests.Preflight.Spf;

/// <summary>The openspf.org suite for RFC 7208, all of it: <c>spf/rfc7208-tests.yml</c> of the shared test data.</summary>
internal sealed class SpfSuiteTests
{
    private const int Tests = 203;

    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public async Task Every_test_of_the_suite_of_RFC_7208_holds()
    {
        var ran = 0;
        var wrong = new List<string>();
        foreach (var scenario in YamlText.Documents(await File.ReadAllTextAsync(Find("spf/rfc7208-tests.yml"))))
        {
            var zone = ZoneOf((Dictionary<string, object>)scenario["zonedata"]);
            foreach (var (name, test) in (Dictionary<string, object>)scenario["tests"])
            {
                ran++;
                if (await FaultAsync(zone, (Dictionary<string, object>)test) is { } fault)
                {
                    wrong.Add($"{scenario["description"]} / {name}: {fault}");
                }
            }
        }

        await TestContext.Out.WriteLineAsync($"{ran - wrong.Count} of {ran} hold");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(wrong, Is.Empty);
            Assert.That(ran, Is.EqualTo(Tests));
        }
    }

    private static async Task<string?> FaultAsync(RecordTable zone, Dictionary<string, object> test)
    {
        var query = new SpfQuery(IPAddress.Parse((string)test["host"]), (string)test["mailfrom"], (string)test["helo"]);
        var verdict = await new SpfEvaluation(zone, query, Now).RunAsync(CancellationToken.None);
        var result = verdict.Result.ToString().ToLowerInvariant();
        var expected = test["result"] is List<object> several ? several.Cast<string>().ToArray() : [(string)test["result"]];
        if (!expected.Contains(result))
        {
            return $"{result} ({verdict.Reason}), not {string.Join(" or ", expected)}";
        }

        // DEFAULT is what a receiver says when the domain says nothing.
        var explanation = test.GetValueOrDefault("explanation") as string;
        return result == "fail" && explanation is not null && (verdict.Explanation ?? "DEFAULT") != explanation
            ? $"explains '{verdict.Explanation}', not '{explanation}'"
            : null;
    }

    private static RecordTable ZoneOf(Dictionary<string, object> zone)
    {
        var table = new RecordTable();
        foreach (var (name, entries) in zone)
        {
            var records = ((List<object>)entries).Select(entry => entry is string word ? KeyValuePair.Create(word, (object)string.Empty) : ((Dictionary<string, object>)entry).First()).ToArray();
            table.Add(name, []);
            foreach (var (type, value) in records)
            {
                Add(table, name, type, value);
            }

            // A record of type SPF stands for one of type TXT, unless there is one.
            if (!records.Any(record => record.Key == "TXT"))
            {
                foreach (var (_, value) in records.Where(record => record.Key == "SPF"))
                {
                    Add(table, name, "TXT", value);
                }
            }

            if (records.Any(record => record.Key == "TIMEOUT"))
            {
                foreach (var type in (RecordType[])[RecordType.Txt, RecordType.A, RecordType.Aaaa, RecordType.Mx, RecordType.Ptr])
                {
                    Silence(table, name, type, records);
                }
            }
        }

        return table;
    }

    // What is listed is answered; all else is not.
    private static void Silence(RecordTable table, string name, RecordType type, KeyValuePair<string, object>[] records)
    {
        var listed = records.Where(record => record.Key.Equals(type.ToString(), StringComparison.OrdinalIgnoreCase)).ToArray();
        var standIn = type is RecordType.Txt && listed.Length == 0 && records.Any(record => record.Key == "SPF");
        if (!standIn && listed.All(record => record.Value is "NONE"))
        {
            table.Silent(name, type);
        }
    }

    private static void Add(RecordTable table, string name, string type, object value)
    {
        switch (type)
        {
            case "TXT" when value is "NONE":
                break;
            case "TXT" when value is "TIMEOUT":
                table.Silent(name, RecordType.Txt);
                break;
            case "TXT":
                table.Txt(name, value is List<object> parts ? string.Concat(parts) : (string)value);
                break;
            case "A" or "AAAA":
                table.Address(name, (string)value);
                break;
            case "MX":
                table.Mx(name, (string)((List<object>)value)[1]);
                break;
            case "CNAME":
                table.Alias(name, ((string)value).TrimEnd('.'));
                break;
            case "PTR":
                table.Add(name, [new DnsRecord.Name(RecordType.Ptr, (string)value)]);
                break;
            default:
                break;
        }
    }

    private static string Find(string name)
    {
        var given = Environment.GetEnvironmentVariable("ENGINE_TEST_DATA");
        for (var directory = new DirectoryInfo(TestContext.CurrentContext.TestDirectory); given is null && directory is not null; directory = directory.Parent)
        {
            var data = Path.Join(directory.FullName, "shared/data");
            given = Directory.Exists(data) ? data : null;
        }

        var path = Path.Join(given, name);
        if (!File.Exists(path))
        {
            Assert.Ignore($"no {name}: set ENGINE_TEST_DATA to the folder of shared test data");
        }

        return path;
    }
}
