using System.Text.Json.Nodes;

namespace Engine.Tests.Feedback.Reading;

/// <summary>Mails that came back, collected and labelled by others: <c>ENGINE_TEST_DATA</c>, or <c>shared/data</c> somewhere above. The readmes beside them tell what the labels mean.</summary>
internal static class ReportCorpus
{
    /// <summary>What the label of one recipient says, and what another release of its source said instead where they disagree.</summary>
    public sealed record Label(string Recipient, string Reason, bool IsHard, string FeedbackType)
    {
        public static Label Of(JsonNode node) => new(node["recipient"]?.ToString() ?? string.Empty, node["reason"]!.ToString(), (bool)node["hardbounce"]!, node["feedbacktype"]?.ToString() ?? string.Empty);
    }

    public sealed record Sample(string Name, byte[] Mail, IReadOnlyList<Label> Labels, IReadOnlyList<Label> Others);

    public static IReadOnlyList<Sample> Bounces() => Read("bounce-mails/mails", "bounce-mails/expected.json");

    public static IReadOnlyList<Sample> Complaints() => Read("arf-samples/sisimai/mails", "arf-samples/sisimai/expected.json");

    public static IReadOnlyList<Sample> AutoReplies() => Read("auto-replies/mails", "auto-replies/expected.json");

    /// <summary>Mails of a folder, by name.</summary>
    public static IReadOnlyList<(string Name, byte[] Mail)> Mails(string folder) =>
        [.. Directory.GetFiles(Find(folder), "*.eml").Order(StringComparer.Ordinal).Select(file => (Path.GetFileName(file), File.ReadAllBytes(file)))];

    /// <summary>Everything there is.</summary>
    public static IReadOnlyList<(string Name, byte[] Mail)> All() =>
        [.. new[] { "bounce-mails/mails", "bounce-mails/kumomta-dsn", "bounce-mails/not-bounces", "arf-samples/sisimai/mails", "arf-samples/kumomta", "auto-replies/mails", "mime-torture" }.SelectMany(Mails)];

    public static string Find(string name)
    {
        var given = Environment.GetEnvironmentVariable("ENGINE_TEST_DATA");
        for (var directory = new DirectoryInfo(TestContext.CurrentContext.TestDirectory); given is null && directory is not null; directory = directory.Parent)
        {
            var data = Path.Join(directory.FullName, "shared/data");
            given = Directory.Exists(data) ? data : null;
        }

        var path = Path.Join(given, name);
        if (!Path.Exists(path))
        {
            Assert.Ignore($"no {name}: set ENGINE_TEST_DATA to the folder of shared test data");
        }

        return path;
    }

    private static List<Sample> Read(string folder, string labels) =>
        [.. JsonNode.Parse(File.ReadAllText(Find(labels)))!.AsObject().Select(entry => new Sample(
            entry.Key,
            File.ReadAllBytes(Path.Join(Find(folder), entry.Key)),
            [.. entry.Value!["expected"]!.AsArray().Select(node => Label.Of(node!))],
            [.. (entry.Value["alternate_expected"]?.AsArray() ?? []).Select(node => Label.Of(node!))]))];
}
