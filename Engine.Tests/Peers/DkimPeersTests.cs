using System.Diagnostics;
using System.Globalization;
using System.Text;
using Engine.Dkim;

namespace Engine.Tests.Peers;

/// <summary>Our signatures before the verifiers of others.</summary>
internal sealed class DkimPeersTests
{
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

    // 2,000 in CI; samples/dkim-lab says more.
    private static readonly int Mails = int.Parse(Environment.GetEnvironmentVariable("ENGINE_DKIM_LAB_MAILS") ?? "2000", CultureInfo.InvariantCulture);

    private static readonly int Seed = int.Parse(Environment.GetEnvironmentVariable("ENGINE_DKIM_LAB_SEED") ?? "20261122", CultureInfo.InvariantCulture);

    private readonly PeerDirectory _directory = new();

    [TearDown]
    public void Remove() => _directory.Dispose();

    [Test]
    public async Task Dkimpy_verifies_what_we_sign()
    {
        using var limit = Limit();
        using var dkimpy = StartDkimPy();
        var (batch, verifier) = (new DkimBatch(Seed, TimeProvider.System.GetUtcNow()), DkimBatch.Verifier);
        var verified = 0;
        for (var at = 0; at < Mails; at++)
        {
            var signed = batch.Next(out var signatures);
            var answer = await AskAsync(dkimpy, signed, limit.Token);
            var ours = verifier.Verify(signed);

            Assert.That(answer, Is.EqualTo(string.Join(' ', Enumerable.Repeat("pass", signatures))), $"message {at} of seed {Seed}\n{Encoding.Latin1.GetString(signed)}");
            Assert.That(ours.Select(result => result.Verdict), Is.All.EqualTo(DkimVerdict.Pass).And.Exactly(signatures).Items);
            verified += signatures;
        }

        await TestContext.Out.WriteLineAsync($"dkimpy verified {verified} signatures of {Mails} mails");
    }

    [Test]
    [CancelAfter(120_000)]
    public async Task Dkimpy_and_we_refuse_the_same_changes(CancellationToken stop)
    {
        using var dkimpy = StartDkimPy();
        var (batch, random, verifier) = (new DkimBatch(7, TimeProvider.System.GetUtcNow()), new Random(7), DkimBatch.Verifier);
        for (var at = 0; at < 200; at++)
        {
            var signed = Encoding.Latin1.GetString(batch.Next(out _));
            var changed = signed.Replace("A <a@acme.example>", random.Next(2) == 0 ? "A  <a@acme.example>" : "B <a@acme.example>", StringComparison.Ordinal);
            var octets = Encoding.Latin1.GetBytes(random.Next(2) == 0 ? "Subject: another\r\n" + changed : changed);
            var ours = string.Join(' ', verifier.Verify(octets).Select(result => result.Verdict is DkimVerdict.Pass ? "pass" : "fail"));

            Assert.That(await AskAsync(dkimpy, octets, stop), Is.EqualTo(ours), $"message {at}\n{Encoding.Latin1.GetString(octets)}");
        }
    }

    // opendkim of Debian 12 (2.11.0 beta 2) knows Ed25519; 2.10 does not.
    [Test]
    public async Task Opendkim_as_a_milter_verifies_what_we_sign()
    {
        using var limit = Limit();
        var program = PeerProcess.Find("opendkim", "opendkim");
        Assert.That((await PeerProcess.RunAsync(program, string.Empty, limit.Token, "-V")).Output, Does.Contain("ed25519-sha256"), "this opendkim cannot verify all kinds of key");
        var socket = _directory.PathTo("socket");
        _directory.Write("zone", string.Join('\n', DkimBatch.Zone) + "\n");
        _directory.Write("conf", $"Mode v\nTestDNSData file:{_directory.PathTo("zone")}\nAlwaysAddARHeader yes\nOn-Default accept\nMaximumHeaders 0\nMaximumSignaturesToVerify 5\nSyslog no\nAuthservID lab.example\nBackground no\nSocket local:{socket}\nPidFile {_directory.PathTo("pid")}\n");
        await using var opendkim = PeerProcess.Start(program, _directory.Path, "-f", "-x", "conf");
        await using var milter = await MilterClient.ConnectAsync(socket, limit.Token);
        var (batch, verified) = (new DkimBatch(Seed + 1, TimeProvider.System.GetUtcNow()), 0);
        for (var at = 0; at < Mails; at++)
        {
            var signed = batch.Next(out var signatures);
            var said = await milter.ShowAsync(signed, limit.Token);
            var report = string.Join('\n', said.Where(field => field.StartsWith("Authentication-Results:", StringComparison.OrdinalIgnoreCase)));

            Assert.That(said[^1], Is.EqualTo("a").Or.EqualTo("c"));
            Assert.That(report.Split("dkim=pass"), Has.Length.EqualTo(signatures + 1), $"message {at} of seed {Seed + 1}: {report}\n{Encoding.Latin1.GetString(signed)}");
            verified += signatures;
        }

        await TestContext.Out.WriteLineAsync($"opendkim verified {verified} signatures of {Mails} mails");
    }

    private static CancellationTokenSource Limit() => new(TimeSpan.FromSeconds(120) + (TimeSpan.FromMilliseconds(40) * Mails));

    private static async Task<string?> AskAsync(Process dkimpy, byte[] message, CancellationToken stop)
    {
        var input = dkimpy.StandardInput.BaseStream;
        await input.WriteAsync(Encoding.ASCII.GetBytes($"{message.Length}\n"), stop);
        await input.WriteAsync(message, stop);
        await input.FlushAsync(stop);
        return await dkimpy.StandardOutput.ReadLineAsync(stop);
    }

    private PeerRun StartDkimPy()
    {
        var python = PeerProcess.Find("python3", "python3");
        if (!File.Exists("/usr/lib/python3/dist-packages/dkim/__init__.py"))
        {
            Assert.Ignore("dkimpy is not installed: apt-get install python3-dkim");
        }

        var start = new ProcessStartInfo(python, [_directory.Write("verify.py", DkimPyProgram), _directory.Write("zone", string.Join('\n', DkimBatch.Zone) + "\n")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
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
