using System.Diagnostics.CodeAnalysis;

namespace Engine.Daemon;

/// <summary>Keeps loops running that no fault may end for good: ten seconds after one, the loop begins again. Thread-safe.</summary>
/// <param name="clock">For the ten seconds.</param>
/// <param name="log">Told of each fault.</param>
internal sealed class LastingLoop(TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(10);

    /// <summary>Runs a loop until stopped; does not throw.</summary>
    /// <param name="name">For the log.</param>
    /// <param name="loop">Ends, or throws that it was cancelled, when stopped.</param>
    /// <param name="stop">Ends it.</param>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Top of the loops: a fault of one must neither end it for good nor stop the mail; the log says so and it begins again.")]
    public async Task RunAsync(string name, Func<CancellationToken, Task> loop, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await loop(stop).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                DaemonLog.LoopFailed(log, name, fault);
                await Task.Delay(AfterFault, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
