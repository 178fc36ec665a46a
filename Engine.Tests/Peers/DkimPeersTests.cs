using System.Diagnostics;
using System.Text;
using Engine.Dkim;
using Engine.Tests.Dkim;

namespace Engine.Tests.Peers;

/// <summary>Our signatures before the verifiers of others.</summary>
internal sealed class DkimPeersTests
{
    private const string Python = "/usr/bin/python3";
    private const string OpenDkim = "/usr/sbin/opendkim";

    // Reads a length, then that many octets; answers a line with the verdict on each signature, from the top.
    private const string DkimPyProgram = """
        import sys, dkim
        keys = dict(line.split(' ', 1) for line in open(sys.argv[1]).read().splitlines())
        def look(name, timeout=5):
            return keys.get((name if isinstance(name, str) else name.decode()).rstrip('.'), '').encode()
        while True:
            line = sys.stdin.buffer.readline()
            if not line:
                break
            message = sys.stdin.buffer.read(int(line))
            words = []
            try:
                verifier = dkim.DKIM(message)
                for at in range(sum(1 for field in verifier.headers if field[0].lower() == b'dkim-signature')):
                    words.append('pass' if verifier.verify(at, dnsfunc=look) else 'fail')
            except Exception as fault:
                words.append(repr(fault))
            print(' '.join(words), flush=True)
        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("engine-dkim-peers-").FullName;
    private readonly SigningKey[] _keys = [Samples.Rsa(2_048), Samples.Rsa(4_096, Samples.Domain, "long.selector"), Samples.Ed25519()];

    [TearDown]
    public void Remove() => Directory.Delete(_directory, recursive: true);

    [Test]
    [CancelAfter(120_000)]
    public async Task Dkimpy_verifies_what_we_sign(CancellationToken stop)
    {
        using var dkimpy = await StartDkimPyAsync(stop);
        var messages = new DkimMessages(seed: 20_261_122);
        for (var at = 0; at < 300; at++)
        {
            var signed = OnTheWire(Samples.Sign(messages.Next(), _keys));

            Assert.That(await AskAsync(dkimpy, signed, stop), Is.EqualTo("pass pass pass"), $"message {at}\n{Encoding.Latin1.GetString(signed)}");
            Assert.That(Samples.Verifier(_keys).Verify(signed).Select(result => result.Verdict), Is.All.EqualTo(DkimVerdict.Pass));
        }
    }

    [Test]
    [CancelAfter(120_000)]
    public async Task Dkimpy_and_we_refuse_the_same_changes(CancellationToken stop)
    {
        using var dkimpy = await StartDkimPyAsync(stop);
        var random = new Random(7);
        var messages = new DkimMessages(seed: 7);
        for (var at = 0; at < 100; at++)
        {
            var signed = OnTheWire(Samples.Sign(messages.Next(), _keys[0]));
            var changed = Encoding.Latin1.GetString(signed).Replace("A <a@acme.example>", random.Next(2) == 0 ? "A  <a@acme.example>" : "B <a@acme.example>", StringComparison.Ordinal);
            var octets = Encoding.Latin1.GetBytes(random.Next(2) == 0 ? "Subject: another\r\n" + changed : changed);
            var ours = Samples.Verifier(_keys).Verify(octets).Single().Verdict is DkimVerdict.Pass ? "pass" : "fail";

            Assert.That(await AskAsync(dkimpy, octets, stop), Is.EqualTo(ours), $"message {at}\n{Encoding.Latin1.GetString(octets)}");
        }
    }

    [Test]
    [CancelAfter(120_000)]
    public async Task Opendkim_verifies_what_we_sign(CancellationToken stop)
    {
        Need(OpenDkim, "package opendkim");
        await File.WriteAllLinesAsync(Path.Join(_directory, "zone"), Zone(), stop);
        await File.WriteAllTextAsync(Path.Join(_directory, "conf"), $"Mode v\nTestDNSData file:{_directory}/zone\nAlwaysAddARHeader yes\nOn-Default accept\nMaximumHeaders 0\n", stop);
        var messages = new DkimMessages(seed: 42);
        var files = new List<string>();
        for (var at = 0; at < 200; at++)
        {
            files.Add($"m{at}");
            await File.WriteAllBytesAsync(Path.Join(_directory, files[^1]), OnTheWire(Samples.Sign(messages.Next(), _keys)), stop);
        }

        using var opendkim = Start(OpenDkim, "-x", "conf", "-vv", "-t", string.Join(',', files));
        opendkim.StandardInput.Close();
        var faults = opendkim.StandardError.ReadToEndAsync(stop);
        var output = await opendkim.StandardOutput.ReadToEndAsync(stop);
        await opendkim.WaitForExitAsync(stop);
        var reports = output.Split("### INSHEADER").Where(report => report.Contains("Authentication-Results", StringComparison.Ordinal)).ToList();

        Assert.That(opendkim.ExitCode, Is.Zero, await faults);
        Assert.That(reports, Has.Count.EqualTo(files.Count), await faults);
        for (var at = 0; at < reports.Count; at++)
        {
            Assert.That(reports[at].Split("dkim=pass"), Has.Length.EqualTo(_keys.Length + 1), $"m{at}: {reports[at]}");
        }
    }

    // The final dot of DATA stands on a line of its own, so a last line without CRLF gets one there (RFC 5321 §4.1.1.4).
    private static byte[] OnTheWire(byte[] message) => message.AsSpan().EndsWith("\r\n"u8) ? message : [.. message, .. "\r\n"u8];

    private static void Need(string program, string where)
    {
        if (!File.Exists(program))
        {
            Assert.Ignore($"{program} is not installed ({where})");
        }
    }

    private static async Task<string?> AskAsync(Process dkimpy, byte[] message, CancellationToken stop)
    {
        var input = dkimpy.StandardInput.BaseStream;
        await input.WriteAsync(Encoding.ASCII.GetBytes($"{message.Length}\n"), stop);
        await input.WriteAsync(message, stop);
        await input.FlushAsync(stop);
        return await dkimpy.StandardOutput.ReadLineAsync(stop);
    }

    private IEnumerable<string> Zone() => _keys.Select(key => $"{DkimRecord.NameOf(key.Selector, key.Domain)} {DkimRecord.For(key).Text}");

    private async Task<Process> StartDkimPyAsync(CancellationToken stop)
    {
        Need(Python, "package python3");
        if (!File.Exists("/usr/lib/python3/dist-packages/dkim/__init__.py"))
        {
            Assert.Ignore("dkimpy is not installed (package python3-dkim)");
        }

        await File.WriteAllLinesAsync(Path.Join(_directory, "zone"), Zone(), stop);
        await File.WriteAllTextAsync(Path.Join(_directory, "verify.py"), DkimPyProgram, stop);
        return Start(Python, "verify.py", "zone");
    }

    private PeerRun Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = _directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.Latin1,
        };
        var process = new PeerRun { StartInfo = start };
        process.Start();
        return process;
    }

    // Gone with its test, also when the test fails.
    private sealed class PeerRun : Process
    {
        protected override void Dispose(bool disposing)
        {
            if (disposing && !HasExited)
            {
                Kill(entireProcessTree: true);
            }

            base.Dispose(disposing);
        }
    }
}
