using System.Diagnostics;
using Engine.Configuration;
using Engine.Mail;
using Engine.Queue;
using Engine.Queue.Logs;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Tests.Failures;

/// <summary>
/// A real process (<c>Benchmarks queue-victim</c>) loads a queue and is killed with SIGKILL at a random moment, again and again over
/// the same files. What it printed it had promised.
/// </summary>
[CancelAfter(180_000)]
[NonParallelizable]
internal sealed class QueueKillTests
{
    private const int Rounds = 20;

    [Test]
    public async Task Nothing_acknowledged_is_lost_and_nothing_settled_comes_back(CancellationToken stop)
    {
        var victim = FindVictim();
        var directory = Directory.CreateTempSubdirectory("engine-kill-").FullName;
        var ledger = new Ledger();
        var random = new Random(20_261_122);
        try
        {
            for (var round = 0; round < Rounds; round++)
            {
                await RunAndKillAsync(victim, directory, ledger, TimeSpan.FromMilliseconds(random.Next(50, 900)), stop);
                await CheckAsync(directory, ledger, round, stop);
            }

            await TestContext.Out.WriteLineAsync(
                $"{ledger.Accepted.Count} accepted, {ledger.Settled.Count} settled, {ledger.Deferred.Count} deferred, {ledger.Held.Count} held, {ledger.InDoubt} in doubt when killed, {Directory.GetFiles(Settings(directory).LogDirectory, "log.*").Length} files left");
            Assert.That(ledger.Accepted, Has.Count.GreaterThan(Rounds), "it was under load");
            Assert.That(ledger.Deferred, Is.Not.Empty);
            Assert.That(ledger.Held, Is.Not.Empty);
            Assert.That(Directory.GetFiles(Settings(directory).ShardDirectory, "index.*"), Is.Not.Empty, "snapshots were written");
            Assert.That(Directory.GetFiles(Path.Join(Settings(directory).ShardDirectory, "generation-1"), "log.*"), Is.Not.Empty, "and what lived was copied");
            Assert.That(File.Exists(Path.Join(Settings(directory).LogDirectory, "log.0")), Is.False, "files were given up meanwhile");
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task RunAndKillAsync(string victim, string directory, Ledger ledger, TimeSpan life, CancellationToken stop)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [victim, "queue-victim", "--dir", directory]) { RedirectStandardOutput = true })!;
        try
        {
            if (await process.StandardOutput.ReadLineAsync(stop) is not { } first || first[0] != 'O')
            {
                Assert.Fail("the queue did not open after a kill: see the error output");
            }

            var reading = ReadAsync(process.StandardOutput, ledger, stop);
            using var timer = new Timer(_ => process.Kill(), null, life, Timeout.InfiniteTimeSpan);
            await reading;
            await process.WaitForExitAsync(stop);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    // A line cut by the kill was never told.
    private static async Task ReadAsync(StreamReader output, Ledger ledger, CancellationToken stop)
    {
        while (await output.ReadLineAsync(stop) is { } line)
        {
            if (line.Length == 2 + MessageId.TextLength && MessageId.TryParse(line[2..], out var id))
            {
                ledger.Note(line[0], id);
            }
        }
    }

    private static async Task CheckAsync(string directory, Ledger ledger, int round, CancellationToken stop)
    {
        await using var queue = await MailQueue.OpenAsync(Settings(directory), TimeProvider.System, NullLogger.Instance, stop);
        var lost = ledger.Accepted.Where(id => !ledger.Tried.Contains(id) && queue.Operators.SlotsOf(id).Count != 1);
        Assert.That(lost, Is.Empty, $"round {round}: acknowledged and gone");
        var again = ledger.Settled.Where(id => queue.Operators.SlotsOf(id).Count != 0);
        Assert.That(again, Is.Empty, $"round {round}: settled and back");
        CheckKept(queue, ledger, round);
        ledger.InDoubt += ledger.Tried.Count(id => !ledger.Settled.Contains(id) && queue.Operators.SlotsOf(id).Count == 1);
        while (queue.Due.TryRead(out var slot))
        {
            queue.TryBegin(slot);
            using var message = await queue.ReadAsync(slot, stop);
            Assert.That(message.Recipients, Is.EqualTo(1), "it can be read");
        }
    }

    private static void CheckKept(MailQueue queue, Ledger ledger, int round)
    {
        foreach (var (id, attempts) in ledger.Deferred.Where(one => !ledger.Tried.Contains(one.Key)))
        {
            Assert.That(queue.Look(queue.Operators.SlotsOf(id)[0]).Attempts, Is.GreaterThanOrEqualTo(attempts), $"round {round}: attempts of {id}");
        }

        foreach (var id in ledger.Held)
        {
            Assert.That(queue.Look(queue.Operators.SlotsOf(id)[0]).State, Is.EqualTo(RecipientState.Held), $"round {round}: {id} was held");
        }
    }

    // As the victim has it, but for the device.
    private static QueueSettings Settings(string directory) =>
        new(directory, 1, Durability.Memory, ByteSize.MiB(16), ByteSize.MiB(1)) { Layout = new LogLayout(18, 20, 22) };

    private static string FindVictim()
    {
        // …/Engine.Tests/bin/CONFIGURATION/net10.0 → …/Benchmarks/bin/CONFIGURATION/net10.0
        var here = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        var path = Path.Join(here.Parent!.Parent!.Parent!.Parent!.FullName, "Benchmarks", "bin", here.Parent.Name, here.Name, "Benchmarks.dll");
        if (!File.Exists(path))
        {
            Assert.Ignore($"{path} is not built; build the solution");
        }

        return path;
    }

    private sealed class Ledger
    {
        public HashSet<MessageId> Accepted { get; } = [];

        public HashSet<MessageId> Tried { get; } = [];

        public HashSet<MessageId> Settled { get; } = [];

        public Dictionary<MessageId, int> Deferred { get; } = [];

        public HashSet<MessageId> Held { get; } = [];

        public int InDoubt { get; set; }

        public void Note(char what, MessageId id)
        {
            switch (what)
            {
                case 'A':
                    Accepted.Add(id);
                    break;
                case 'T':
                    Tried.Add(id);
                    break;
                case 'S':
                    Settled.Add(id);
                    break;
                case 'D':
                    Deferred[id] = Deferred.GetValueOrDefault(id) + 1;
                    break;
                case 'H':
                    Held.Add(id);
                    break;
                case 'R':
                    Held.Remove(id);
                    break;
                default:
                    break;
            }
        }
    }
}
