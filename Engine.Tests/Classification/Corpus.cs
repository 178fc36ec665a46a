using Engine.Classification;
using Engine.Configuration.Providers;
using Engine.Mail;

namespace Engine.Tests.Classification;

/// <summary>Replies collected by others: <c>ENGINE_TEST_DATA</c>, or <c>shared/data</c> somewhere above. See the readme beside them for what their labels mean.</summary>
internal static class Corpus
{
    /// <summary>One row: whose reply, the reply as it is read from the wire or out of a bounce, and its labels by column.</summary>
    public sealed record Row(string? Provider, string Reply, IReadOnlyDictionary<string, string> Columns)
    {
        public string this[string column] => Columns[column];

        public Judgement Judged(ReplyClassifier classifier)
        {
            var raw = RawReply.Parse(Reply);
            return classifier.JudgeReply(Provider, raw.Code, raw.Enhanced, raw.Text, SmtpCommand.Rcpt, 1);
        }
    }

    public static IReadOnlyList<Row> Sisimai() => Read("smtp-responses/sisimai.tsv", "text");

    public static IReadOnlyList<Row> ZoneMta() => Read("smtp-responses/zone-mta.tsv", "text");

    public static IReadOnlyList<Row> Cases() => Read("provider-shaping-cases.tsv", "reply");

    /// <summary>Everything there is.</summary>
    public static IReadOnlyList<Row> All() => [.. Sisimai(), .. ZoneMta(), .. Cases()];

    private static List<Row> Read(string name, string reply)
    {
        using var lines = File.ReadLines(Find(name)).GetEnumerator();
        lines.MoveNext();
        var header = lines.Current.Split('\t');
        var rows = new List<Row>();
        while (lines.MoveNext())
        {
            var columns = header.Zip(lines.Current.Split('\t')).ToDictionary(pair => pair.First, pair => pair.Second);
            var named = columns.GetValueOrDefault("provider", string.Empty);
            var provider = ProviderBook.Shipped.Find(named) ?? ProviderBook.Shipped.OfExchanger(named);
            rows.Add(new Row(provider?.Id, columns[reply], columns));
        }

        return rows;
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
