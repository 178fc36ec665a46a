using System.Collections.Concurrent;
using System.Globalization;
using Engine.Tests.Queue;

namespace Engine.Tests.Failures.Crash;

/// <summary>
/// The N-th call of the disk fails, whatever it is: once, or from then on until the queue has given up and refused to open. Then the
/// fault is gone, the queue opens, and everything it promised is there.
/// </summary>
[NonParallelizable]
[CancelAfter(300_000)]
internal sealed class DiskFaultTests
{
    private const int Calls = 500;

    private const int Seed = 7;

    // Steps until every call up to the last has been made.
    private const int Steps = 60;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Test]
    public async Task Any_call_may_fail_and_nothing_acknowledged_is_lost(
        [Values(DiskTrouble.InputOutput, DiskTrouble.NoSpace)] int error, [Values(1, 3, int.MaxValue)] int times, CancellationToken guard)
    {
        var failures = new ConcurrentBag<string>();
        var (survived, givenUp, refused) = (0, 0, 0);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = guard };
        await Parallel.ForEachAsync(Enumerable.Range(1, Calls), options, async (call, token) =>
        {
            var trouble = new DiskTrouble(call, times, error);
            try
            {
                var script = await RunAsync(trouble, token);
                Interlocked.Add(ref survived, script.Survived);
                Interlocked.Add(ref givenUp, script.GivenUp);
                Interlocked.Add(ref refused, script.Refused);
            }
            catch (Exception broken) when (!guard.IsCancellationRequested)
            {
                failures.Add($"{trouble}: {broken}");
            }
        });
        await TestContext.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"error {error}, {times} times: {Calls} runs, {survived} went on in the process, {givenUp} gave up, {refused} refusals to open"));
        Assert.That(failures, Is.Empty);
    }

    private static async Task<CrashScript> RunAsync(DiskTrouble trouble, CancellationToken guard)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(guard);
        limit.CancelAfter(Patience);
        var random = new Random(Seed);
        var disk = new LabDisk(new DiskImage(), random) { Trouble = trouble };
        await using var script = new CrashScript(disk, new LabLedger(disk, []), random, Letters.Noon);
        await script.RunAsync(Steps, violent: false, limit.Token);
        if (disk.Calls < trouble.At || (trouble.Times == 1 && script.GivenUp > 0))
        {
            throw new CrashLabException(script.Reason is null ? "the call was never made" : $"it gave up because of one fault: {script.Reason.Message}", script.Reason);
        }

        await script.FinishAsync(limit.Token);
        return script;
    }
}
