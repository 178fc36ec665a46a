using System.Diagnostics.CodeAnalysis;
using Engine.Queue;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Tests.Failures.Crash;

/// <summary>Runs a queue through anything that may happen to one, by chance, one step after the other. The ledger is told before and after each.</summary>
/// <param name="disk">Of the queue.</param>
/// <param name="ledger">Of the same disk.</param>
/// <param name="random">Says what happens.</param>
/// <param name="start">Time of the first step.</param>
internal sealed class CrashScript(LabDisk disk, LabLedger ledger, Random random, DateTimeOffset start) : IAsyncDisposable
{
    // One run of the log is opened anew in the process at most so often; then the queue gives up.
    private const int Reopenings = 1;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    private readonly ManualClock _clock = new(start);
    private ScriptedQueue? _queue;

    /// <summary>Times the power failed.</summary>
    public int PowerCuts { get; private set; }

    /// <summary>Faults the queue went on after, in the process.</summary>
    public int Survived { get; private set; }

    /// <summary>Times the queue gave up and was opened again.</summary>
    public int GivenUp { get; private set; }

    /// <summary>Why it gave up last.</summary>
    public Exception? Reason { get; private set; }

    /// <summary>Times it refused to open because of a fault, and named the file.</summary>
    public int Refused { get; private set; }

    /// <summary>Opens the queue, lets things happen, and leaves it open.</summary>
    /// <param name="steps">Things that happen.</param>
    /// <param name="violent">Whether power and disk fail too.</param>
    /// <param name="stop">Ends a hang.</param>
    public async Task RunAsync(int steps, bool violent, CancellationToken stop)
    {
        await OpenAsync(stop);
        for (var step = 0; step < steps; step++)
        {
            _clock.Advance(Step);
            try
            {
                await (violent && random.Next(12) == 0 ? ViolenceAsync(stop) : _queue!.StepAsync(stop));
            }
            catch (Exception fault) when (fault is IOException or IntakeRefusedException && (disk.IsOff || disk.Trouble is not null))
            {
                // It was told; what was asked for is uncertain.
            }

            await MendAsync(stop);
        }
    }

    /// <summary>Closes it, takes all trouble from the disk, opens it once more and checks it against the ledger.</summary>
    public async Task FinishAsync(CancellationToken stop)
    {
        await CloseAsync(stop);
        disk.Trouble = null;
        disk.Restart();
        await OpenAsync(stop);
        await CloseAsync(stop);
    }

    public async ValueTask DisposeAsync()
    {
        if (_queue is not null)
        {
            await _queue.DisposeAsync();
        }
    }

    private async Task ViolenceAsync(CancellationToken stop)
    {
        switch (random.Next(6))
        {
            case 0:
                await CloseAsync(stop);
                await OpenAsync(stop);
                break;
            case 1 or 2:
                disk.Trouble = new DiskTrouble(disk.Calls + random.Next(1, 30), random.Next(4) == 0 ? 30 : 1, DiskTrouble.NoSpace);
                break;
            default:
                disk.CutPowerIn(random.Next(12));
                break;
        }
    }

    // Waits until the queue knows whether it goes on, and opens it again when it does not.
    private async Task MendAsync(CancellationToken stop)
    {
        if (disk.IsOff)
        {
            PowerCuts++;
            await CloseAsync(stop);
            disk.Restart();
            await OpenAsync(stop);
            return;
        }

        if (await _queue!.MendAsync(stop) is { } reason)
        {
            GivenUp++;
            Reason = reason;
            await CloseAsync(stop);
            await OpenAsync(stop);
        }
        else if (disk.Trouble is { } trouble && disk.Calls >= trouble.At + trouble.Times)
        {
            Survived++;
            disk.Trouble = null;
        }
    }

    private async Task OpenAsync(CancellationToken stop)
    {
        MailQueue? queue = null;
        while (queue is null)
        {
            try
            {
                if (!disk.IsOff && disk.Trouble is null && PowerCuts > 0 && random.Next(6) == 0)
                {
                    disk.CutPowerIn(random.Next(12));
                }

                queue = await OpenOnceAsync(stop);
            }
            catch (Exception fault) when (fault is IOException or QueueDamagedException && (disk.IsOff || disk.Trouble is not null))
            {
                Refuse(fault);
            }
        }

        _queue = new ScriptedQueue(queue, ledger, random, _clock);
    }

    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The queue owns the disk.")]
    private async Task<MailQueue> OpenOnceAsync(CancellationToken stop)
    {
        var queue = await MailQueue.OpenAsync(CrashLayout.Settings(Reopenings), disk.Open(), _clock, NullLogger.Instance, stop).WaitAsync(stop);
        try
        {
            QueueCheck.Run(queue, ledger.Now);
            QueueCheck.Pin(queue, ledger);
            return queue;
        }
        catch
        {
            await queue.DisposeAsync().AsTask().WaitAsync(stop);
            throw;
        }
    }

    private void Refuse(Exception fault)
    {
        if (disk.IsOff)
        {
            disk.Restart();
            return;
        }

        Refused++;
        disk.Trouble = null;
        if (!fault.Message.Contains("/lab/", StringComparison.Ordinal))
        {
            throw new CrashLabException("a refusal without the file's name", fault);
        }
    }

    private async Task CloseAsync(CancellationToken stop)
    {
        if (_queue is { } queue)
        {
            _queue = null;
            await queue.DisposeAsync().AsTask().WaitAsync(stop);
        }
    }
}
