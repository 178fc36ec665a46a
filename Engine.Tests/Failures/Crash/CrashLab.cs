using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Engine.Queue;
using Engine.Tests.Queue;

namespace Engine.Tests.Failures.Crash;

/// <summary>Makes histories by chance and recovers from every state they could have been cut off in.</summary>
/// <param name="firstSeed">Of the first history; each next has the next.</param>
internal sealed class CrashLab(int firstSeed)
{
    private const int FewestSteps = 20;

    private const int MostSteps = 160;

    // Of so many states, one is gone on with: mail is taken and sent, compacted, closed, opened and checked again.
    private const int GoOnEvery = 16;

    private const int GoOnSteps = 6;

    private const int MostFailures = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<(StateKind Kind, StateOutcome Outcome), int> _counts = new();
    private readonly ConcurrentBag<string> _failures = [];
    private readonly StringBuilder _histories = new();
    private int _checked;
    private int _goneOnWith;

    /// <summary>States recovered from or refused.</summary>
    public int Checked => _checked;

    /// <summary>Broken promises.</summary>
    public IReadOnlyCollection<string> Failures => _failures;

    /// <summary>Runs history after history until enough states were checked.</summary>
    public async Task RunAsync(int states, CancellationToken stop)
    {
        var watch = Stopwatch.StartNew();
        for (var seed = firstSeed; _checked < states && _failures.Count < MostFailures; seed++)
        {
            await RunHistoryAsync(seed, stop);
        }

        _histories.AppendLine(CultureInfo.InvariantCulture, $"{_checked} states in {watch.Elapsed.TotalSeconds:F1} s, {_goneOnWith} of them gone on with");
    }

    /// <summary>States by kind and outcome.</summary>
    public string Report()
    {
        var lines = from count in _counts
                    orderby count.Key.Kind, count.Key.Outcome
                    select string.Create(CultureInfo.InvariantCulture, $"  {count.Key.Kind,-14} {count.Key.Outcome,-10} {count.Value,7}");
        return _histories + string.Join(Environment.NewLine, lines);
    }

    private async Task RunHistoryAsync(int seed, CancellationToken stop)
    {
        var random = new Random(seed);
        var disk = new LabDisk(new DiskImage(), random) { IsRecording = true };
        var ledger = new LabLedger(disk, []);
        await using (var script = new CrashScript(disk, ledger, random, Letters.Noon))
        {
            try
            {
                await script.RunAsync(random.Next(FewestSteps, MostSteps), violent: true, stop);
                await script.FinishAsync(stop);
            }
            catch (Exception broken) when (broken is CrashLabException or QueueDamagedException)
            {
                _failures.Add($"seed {seed}, while the history ran, operation {disk.Count}: {broken}");
                return;
            }

            _histories.AppendLine(CultureInfo.InvariantCulture,
                $"seed {seed}: {disk.Count} operations, {ledger.Now.Count} messages, power cut {script.PowerCuts} times, {script.Survived} faults survived, {script.GivenUp} times given up");
        }

        var states = new CrashStates(disk.Operations, ledger.Lines, new Random(seed));
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = stop };
        await Parallel.ForEachAsync(states.All().TakeWhile(_ => _failures.Count < MostFailures), options, async (state, token) => await CheckAsync(seed, state, token));
    }

    private async Task CheckAsync(int seed, CrashState state, CancellationToken stop)
    {
        var number = Interlocked.Increment(ref _checked);
        var steps = number % GoOnEvery == 0 ? GoOnSteps : 0;
        _goneOnWith += steps > 0 ? 1 : 0;
        var files = state.Files();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Patience);
        try
        {
            var outcome = await StateCheck.RunAsync(state, number, steps, limit.Token);
            _counts.AddOrUpdate((state.Kind, outcome), 1, static (_, count) => count + 1);
        }
        catch (CrashLabException broken)
        {
            _failures.Add($"seed {seed}, {state}: {broken.Message}; {files}{(broken.InnerException is { } inner ? Environment.NewLine + inner.StackTrace?.Split(Environment.NewLine)[0] : string.Empty)}");
        }
    }
}
