using System.Diagnostics.CodeAnalysis;
using Engine.Queue;
using Engine.Tests.Queue;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Tests.Failures.Crash;

/// <summary>Opens the queue a crash left and holds it against what was promised; for some it goes on, closes and opens once more.</summary>
internal static class StateCheck
{
    private static readonly DateTimeOffset AfterCrash = Letters.Noon.AddDays(30);

    /// <param name="state">Looked at by nobody else.</param>
    /// <param name="seed">Of what happens thereafter.</param>
    /// <param name="steps">Things that happen thereafter; 0 when looking is enough.</param>
    /// <param name="stop">Ends a hang.</param>
    /// <exception cref="CrashLabException">A promise was broken.</exception>
    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The queue owns the disk.")]
    public static async Task<StateOutcome> RunAsync(CrashState state, int seed, int steps, CancellationToken stop)
    {
        var files = state.Image.Fork();
        var random = new Random(seed);
        var disk = new LabDisk(state.Image, random);
        try
        {
            int unreadable;
            await using (var queue = await MailQueue.OpenAsync(CrashLayout.Settings(0), disk.Open(), new ManualClock(AfterCrash), NullLogger.Instance, stop).WaitAsync(stop))
            {
                unreadable = QueueCheck.Run(queue, state.Expected, state.Damaged, state.MostUnreadable);
                if (unreadable == 0 && steps > 0)
                {
                    var ledger = new LabLedger(disk, state.Expected);
                    QueueCheck.Pin(queue, ledger);
                    await queue.DisposeAsync();
                    await GoOnAsync(disk, ledger, random, steps, stop);
                }
            }

            return unreadable > 0 ? StateOutcome.Unreadable : StateOutcome.Recovered;
        }
        catch (QueueDamagedException refusal) when (state.MayRefuse)
        {
            return files.IsNamedIn(refusal.Message) ? StateOutcome.Refused : throw new CrashLabException($"it refuses without naming a file that is there: {refusal.Message}", refusal);
        }
        catch (Exception fault) when (fault is not CrashLabException)
        {
            throw new CrashLabException($"{fault.GetType().Name}: {fault.Message}", fault);
        }
    }

    private static async Task GoOnAsync(LabDisk disk, LabLedger ledger, Random random, int steps, CancellationToken stop)
    {
        await using var script = new CrashScript(disk, ledger, random, AfterCrash.AddMinutes(1));
        await script.RunAsync(steps, violent: false, stop);
        await script.FinishAsync(stop);
    }
}
