using System.Text.Json.Nodes;
using Engine.Dkim;
using Engine.Mail;
using Engine.Tests.Failures;

namespace Engine.Tests.Peers;

/// <summary><c>domain check</c> and <c>source check</c> without a daemon, in a process of their own, against zones that NSD serves.</summary>
[CancelAfter(120_000)]
internal sealed class DomainCheckTests
{
    private string _directory = string.Empty;

    [SetUp]
    public void MakeDirectory() => _directory = Directory.CreateTempSubdirectory("engine-domain-").FullName;

    [TearDown]
    public void RemoveDirectory() => Directory.Delete(_directory, recursive: true);

    [Test]
    public async Task What_a_name_server_serves_is_judged_and_what_is_missing_is_shown(CancellationToken stop)
    {
        if (await EngineProcess.MissingAsync(stop) is { } reason)
        {
            Assert.Ignore(reason);
        }

        var folder = Directory.CreateDirectory(Path.Join(_directory, "dkim")).FullName;
        var file = Path.Join(folder, "acme.example.s1.pem");
        KeyGenerator.Write(file, KeyKind.Rsa2048);
        Assert.That(PrivateKeyFile.TryRead(file, DomainName.Parse("acme.example"), "s1", 2_048, out var key, out var fault), Is.True, fault);
        var record = Escaped(DkimRecord.For(key!));
        await using var nsd = await NsdPeer.StartAsync(
            new()
            {
                ["acme.example"] = $"@ TXT \"v=spf1 ip4:192.0.2.1 a:mail.acme.example -all\";s1._domainkey TXT {record};_dmarc TXT \"v=DMARC1\\059 p=none\"",
                ["2.0.192.in-addr.arpa"] = "1 PTR mta1.host.example.",
                ["host.example"] = "mta1 A 192.0.2.1",
            },
            stop);
        var config = Path.Join(_directory, "engine.json");
        await File.WriteAllTextAsync(config, $$"""
            {
              "hostname": "mta1.host.example", "state": "state",
              "listeners": { "local": { "bind": ["127.0.0.1:2525"], "role": "submission", "auth": "none" } },
              "sources": { "a1": { "address": "192.0.2.1", "ehlo": "mta1.host.example" } },
              "dns": { "servers": ["{{nsd.Address}}"] },
              "admin": { "socket": "admin.sock" }
            }
            """, stop);

        var (code, output) = await EngineProcess.RunAsync(["domain", "check", "acme.example", "--config", config, "--json"], stop);
        var report = JsonNode.Parse(output.Split('\n').First(line => line.StartsWith('{')))!;
        var findings = report["findings"]!.AsArray().Select(one => $"{one!["topic"]} {one["state"]} {one["found"]}").ToArray();
        var names = await EngineProcess.RunAsync(["source", "check", "a1", "--config", config], stop);
        await nsd.ChangeAsync("acme.example", "@ TXT \"v=spf1 ip4:192.0.2.9 -all\"", stop);
        var wrong = await EngineProcess.RunAsync(["domain", "check", "acme.example", "--config", config], stop);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(code, Is.Zero, output);
            Assert.That(findings, Is.EqualTo(new[]
            {
                "dkim good matches (rsa 2048)",
                "spf good the source may send; at most 0 of 10 look-ups on the way",
                "alignment good by DKIM: d=acme.example",
                "dmarc advice p=none",
                "returnPath good not ours: the submitter's own path stays (feedback.verp is off)",
                "source good PTR mta1.host.example, as it says at EHLO",
                "source good EHLO name mta1.host.example leads back to it",
                "bimi good no record: no logo is shown, which is a choice",
            }));
            Assert.That((int)report["spfCost"]!["lookups"]!, Is.EqualTo(1));
            Assert.That((string?)report["publish"]![0], Is.EqualTo("_dmarc.acme.example. IN TXT \"v=DMARC1; p=none; rua=mailto:dmarc-reports@acme.example\""));
            Assert.That(names.Code, Is.Zero, names.Output);
            Assert.That(wrong.Code, Is.EqualTo(65), wrong.Output);
            Assert.That(wrong.Output, Does.Contain("acme.example. IN TXT \"v=spf1 ip4:192.0.2.1 ip4:192.0.2.9 -all\"").And.Contain("s1._domainkey.acme.example. IN TXT ("));
        }
    }

    [Test]
    public async Task A_name_server_that_does_not_answer_is_75(CancellationToken stop)
    {
        if (await EngineProcess.MissingAsync(stop) is { } reason)
        {
            Assert.Ignore(reason);
        }

        using var silent = PeerPort.Take();
        var config = Path.Join(_directory, "engine.json");
        await File.WriteAllTextAsync(config, $$"""
            {
              "hostname": "mta1.host.example", "state": "state",
              "listeners": { "local": { "bind": ["127.0.0.1:2525"], "role": "submission", "auth": "none" } },
              "sources": { "a1": { "address": "192.0.2.1", "ehlo": "mta1.host.example" } },
              "dns": { "servers": ["{{silent.EndPoint}}"], "timeout": "1s" },
              "admin": { "socket": "admin.sock" }
            }
            """, stop);

        Assert.That((await EngineProcess.RunAsync(["domain", "check", "acme.example", "--config", config], stop)).Code, Is.EqualTo(75));
    }

    // Strings of a zone file; NsdPeer takes a semicolon for the end of a line.
    private static string Escaped(DkimRecord record) => string.Join(' ', record.Strings().Select(part => $"\"{part.Replace(";", "\\059", StringComparison.Ordinal)}\""));
}
