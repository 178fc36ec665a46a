using System.Text.Json.Nodes;
using Engine.Tests.Failures;

namespace Engine.Tests.Cli;

/// <summary><c>engine feedback read</c> in a process of its own.</summary>
[CancelAfter(120_000)]
internal sealed class FeedbackVerbsTests
{
    private const string Bounce =
        "From: MAILER-DAEMON@example.org\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n--x\r\n\r\nSorry.\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\n"
        + "Reporting-MTA: dns; mx.example.org\r\n\r\nFinal-Recipient: rfc822; a@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\r\n\r\n"
        + "Final-Recipient: rfc822; b@example.org\r\nAction: delayed\r\nStatus: 4.4.1\r\n\r\n--x\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <1@sender.example>\r\n\r\nhi\r\n--x--\r\n";

    [Test]
    public async Task It_prints_a_line_for_each_recipient(CancellationToken stop)
    {
        if (await EngineProcess.MissingAsync(stop) is { } reason)
        {
            Assert.Ignore(reason);
        }

        var folder = Directory.CreateTempSubdirectory();
        var (bounce, plain) = (Path.Join(folder.FullName, "bounce.eml"), Path.Join(folder.FullName, "plain.eml"));
        await File.WriteAllTextAsync(bounce, Bounce, stop);
        await File.WriteAllTextAsync(plain, "From: a@example.org\r\nSubject: hello\r\n\r\nhello\r\n", stop);
        var (code, output) = await EngineProcess.RunAsync(["feedback", "read", bounce, plain, "--json"], stop);
        var lines = output.Split('\n').Where(static line => line.StartsWith('{')).Select(static line => JsonNode.Parse(line)!).ToList();
        var (missing, words) = await EngineProcess.RunAsync(["feedback", "read", Path.Join(folder.FullName, "none.eml")], stop);
        folder.Delete(recursive: true);

        Assert.That(code, Is.Zero, output);
        Assert.That(lines, Has.Count.EqualTo(3));
        Assert.That(lines[0].ToJsonString(), Is.EqualTo(
            $$"""{"file":"{{bounce}}","kind":"bounce","recipient":"a@example.org","status":"5.1.1","code":550,"category":"bad_recipient","hard":true,"diagnostic":"550 5.1.1 User unknown","complaint":"","originalId":"1@sender.example"}"""));
        Assert.That(((string?)lines[1]["kind"], (string?)lines[1]["recipient"], (string?)lines[1]["category"], (bool)lines[1]["hard"]!), Is.EqualTo(("delay", "b@example.org", "network", false)));
        Assert.That(((string?)lines[2]["file"], (string?)lines[2]["kind"]), Is.EqualTo((plain, "none")));
        Assert.That((missing, words), Is.EqualTo((65, $"{Path.Join(folder.FullName, "none.eml")} does not exist\n")).Or.Matches<(int Code, string Words)>(static told => told.Code == 65 && told.Words.Contains("does not exist", StringComparison.Ordinal)));
    }
}
