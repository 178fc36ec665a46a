using System.Globalization;
using System.Text;

namespace Engine.Tests.Submission;

/// <summary>What must never end a message: every sequence of the shared set, at every segment cut.</summary>
internal sealed class SmugglingTests
{
    private const string Second = "MAIL FROM:<evil@acme.example>\r\nRCPT TO:<victim@b.example>\r\nDATA\r\nFrom: evil@acme.example\r\n\r\nsmuggled\r\n.\r\n";

    private static IEnumerable<TestCaseData> Sequences()
    {
        if (SharedFiles.Find("smuggling/eod-sequences.tsv") is not { } file)
        {
            yield return new TestCaseData("absent", Array.Empty<byte>()).Ignore("no smuggling/eod-sequences.tsv in the shared test data");
            yield break;
        }

        foreach (var row in File.ReadLines(file).Skip(1).Select(line => line.Split('\t')).Where(row => row.Length > 1))
        {
            yield return new TestCaseData(row[0], Convert.FromHexString(row[1])).SetArgDisplayNames(row[0]);
        }
    }

    [TestCaseSource(nameof(Sequences))]
    public async Task Nothing_second_is_ever_queued(string id, byte[] sequence)
    {
        var odd = Encoding.Latin1.GetString(sequence);
        foreach (var content in new[] { $"From: a@acme.example\r\n\r\nfirst{odd}", $"From: a@acme.example\r\n\r\n{odd}", $"From: a@acme.example\r\nSubject: x{odd}", odd })
        {
            var octets = Encoding.Latin1.GetBytes($"MAIL FROM:<a@acme.example>\r\nRCPT TO:<r@b.example>\r\nDATA\r\n{content}{Second}");
            for (var cut = 0; cut < octets.Length; cut++)
            {
                using var rig = await new DialogueRig().GreetAsync();
                var said = await rig.FeedAsync(octets.AsMemory(0, cut)) + await rig.FeedAsync(octets.AsMemory(cut));

                Check(id, rig, said, $"{content} cut at {cut}".Replace("\r", "<CR>", StringComparison.Ordinal).Replace("\n", "<LF>", StringComparison.Ordinal));
            }
        }
    }

    [TestCaseSource(nameof(Sequences))]
    public async Task Octet_by_octet_it_makes_no_difference(string id, byte[] sequence)
    {
        using var rig = await new DialogueRig().GreetAsync();
        var said = new StringBuilder();
        foreach (var octet in Encoding.Latin1.GetBytes($"MAIL FROM:<a@acme.example>\r\nRCPT TO:<r@b.example>\r\nDATA\r\nFrom: a@acme.example\r\n\r\nfirst{Encoding.Latin1.GetString(sequence)}{Second}"))
        {
            _ = said.Append(await rig.FeedAsync(new[] { octet }));
        }

        Check(id, rig, said.ToString(), "octet by octet");
    }

    private static void Check(string id, DialogueRig rig, string said, string what)
    {
        // The only legal end ends the first message, and then the second is one of its own.
        if (id == "baseline")
        {
            Assert.That(rig.IsClosed, Is.False, what);
            return;
        }

        for (var left = rig.Store.Count; left > 0; left--)
        {
            Assert.That(rig.Store.Next().Envelope.Sender.ToString(), Is.Not.EqualTo("evil@acme.example"), what);
        }

        Assert.That(rig.Store.Count, Is.Zero, what);
        Assert.That(said, Does.Contain("550 5.6.0"), what);
        Assert.That(rig.Blocks.Used, Is.Zero, what);
        Assert.That(rig.IsClosed || id == "S09", Is.True, $"{what}: a bare line end closes");
    }

    // A chunk has no end to forge, but its octets go out by DATA at the next hop.
    [TestCaseSource(nameof(Sequences))]
    public async Task A_chunk_with_it_is_refused(string id, byte[] sequence)
    {
        var content = $"From: a@acme.example\r\n\r\nfirst{Encoding.Latin1.GetString(sequence)}more\r\n";
        var octets = Encoding.Latin1.GetBytes(string.Create(CultureInfo.InvariantCulture, $"MAIL FROM:<a@acme.example>\r\nRCPT TO:<r@b.example>\r\nBDAT {content.Length} LAST\r\n{content}"));
        for (var cut = 0; cut < octets.Length; cut++)
        {
            using var rig = await new DialogueRig().GreetAsync();
            _ = await rig.FeedAsync(octets.AsMemory(0, cut)) + await rig.FeedAsync(octets.AsMemory(cut));

            Assert.That(rig.Store.Count, Is.EqualTo(id == "baseline" ? 1 : 0));
        }
    }

    [TestCase("NOOP\n")]
    [TestCase("NOOP\r")]
    [TestCase("NO\rOP\r\n")]
    [TestCase("MAIL FROM:<a@acme.example>\nRCPT TO:<r@b.example>\r\n")]
    public async Task A_bare_line_end_in_a_command_closes_at_every_cut(string line)
    {
        var octets = Encoding.Latin1.GetBytes(line + "NOOP\r\n");
        for (var cut = 0; cut < octets.Length; cut++)
        {
            using var rig = await new DialogueRig().GreetAsync();
            var said = await rig.FeedAsync(octets.AsMemory(0, cut)) + await rig.FeedAsync(octets.AsMemory(cut));

            Assert.That(said, Is.EqualTo("500 5.5.2 Lines end with CRLF; a bare CR or LF was received\r\n"));
            Assert.That(rig.IsClosed, Is.True);
        }
    }
}
