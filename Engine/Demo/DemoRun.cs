using Engine.Queue;
using Spectre.Console;

namespace Engine.Demo;

/// <summary><c>engine demo</c>: an engine, name server and receivers on loopback, mail through all of it, and an account at the end.</summary>
/// <param name="settings">What was asked for.</param>
/// <param name="start">Starts the engine.</param>
/// <param name="verify">Checks signatures.</param>
/// <param name="clock">The time.</param>
/// <param name="loggers">The engine's logs.</param>
internal sealed class DemoRun(DemoSettings settings, StartEngine start, VerifySignatures verify, TimeProvider clock, ILoggerFactory loggers)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs it, shows it, and cleans up.</summary>
    /// <returns>The exit code: 0 only when everything held.</returns>
    public async Task<int> RunAsync(IAnsiConsole console, CancellationToken stop)
    {
        var report = await new DemoScreen(console, settings).ShowAsync(show => RunAsync(show, stop));
        return report.ExitCode;
    }

    /// <param name="show">Is told of progress.</param>
    /// <param name="stop">Ends it early; the report then says so.</param>
    public async Task<DemoReport> RunAsync(Action<string, LedgerCounts, QueueCounts> show, CancellationToken stop)
    {
        var startedAt = clock.GetTimestamp();
        await using var world = await DemoWorld.BuildAsync(houses: null, verify, clock);
        string? trouble;
        long queued;
        await using (var engine = await start(world.Snapshot, clock, loggers, stop))
        {
            // The time is the mail's: how long an engine takes to start is not judged here.
            using var limit = new CancellationTokenSource(settings.Limit, clock);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
            trouble = await PassThroughAsync(world, engine, show, both.Token);
            queued = engine.Counts.Queued;
        }

        await world.VerifiedAsync();
        return new DemoVerdict(settings, world.Ledger, world.Street.Refuses).Report(queued, clock.GetElapsedTime(startedAt), trouble);
    }

    // Null when all was submitted and accounted for in time.
    private async Task<string?> PassThroughAsync(
        DemoWorld world, IDemoEngine engine, Action<string, LedgerCounts, QueueCounts> show, CancellationToken stop)
    {
        var writer = new LetterWriter(world.Street.Domains, refusedDomain: "strict.demo.test", clock);
        var generator = new DemoGenerator(
            new GeneratorSettings { Server = engine.SubmissionEndPoints[0], Login = world.Login, Count = settings.Count, Sessions = settings.Sessions },
            writer.Write,
            world.Ledger,
            clock);
        try
        {
            await WatchAsync("submitting", generator.RunAsync(stop));
            await WatchAsync("delivering", world.Ledger.SettledAsync(stop));
            await WatchAsync("settling", EmptiedAsync(engine, stop));
            return null;
        }
        catch (OperationCanceledException)
        {
            var refusal = generator.LastRefusal;
            return refusal.Length > 0 ? $"ended before everything was accounted for; last refusal: {refusal}" : "ended before everything was accounted for";
        }

        async Task WatchAsync(string phase, Task work)
        {
            using var timer = new PeriodicTimer(Tick, clock);
            do
            {
                show(phase, world.Ledger.Counts, engine.Counts);
            }
            while (await Task.WhenAny(work, timer.WaitForNextTickAsync(CancellationToken.None).AsTask()) != work);

            await work;
        }
    }

    // The last receiver has answered, the engine has still to book it.
    private async Task EmptiedAsync(IDemoEngine engine, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10), clock);
        while (engine.Counts.Queued > 0)
        {
            await timer.WaitForNextTickAsync(stop);
        }
    }
}
