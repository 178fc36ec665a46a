using System.Net.NetworkInformation;
using Engine.Mail;

namespace Engine.Reputation.Sources;

/// <summary>Lets the monitor look when it is due, when the system tells of a change of addresses, and when a connection failed. One loop, owned by whoever calls <see cref="RunAsync"/>.</summary>
/// <param name="monitor">The machine.</param>
/// <param name="changed">Gets what has changed, on the loop's thread; must not throw.</param>
/// <param name="clock">Says when.</param>
/// <param name="log">For a system that does not say.</param>
internal sealed partial class SourceWatch(SourceMonitor monitor, Action<IReadOnlyList<SourceChange>> changed, TimeProvider clock, ILogger log) : IDisposable
{
    private readonly SemaphoreSlim _wake = new(0);
    private bool _atOnce;

    /// <summary>A connection from a source failed here. Any thread; cheap.</summary>
    public void Report(SourceId source, SourceFault fault)
    {
        if (monitor.Report(source, fault, clock.GetUtcNow()))
        {
            Rouse();
        }
    }

    /// <summary>Looks at once: after a reload, or when addresses have changed.</summary>
    public void Wake()
    {
        Volatile.Write(ref _atOnce, true);
        Rouse();
    }

    /// <summary>Runs until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        NetworkChange.NetworkAddressChanged += OnAddresses;
        try
        {
            while (!stop.IsCancellationRequested)
            {
                Look();
                await RestAsync(stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return;
        }
        finally
        {
            NetworkChange.NetworkAddressChanged -= OnAddresses;
        }
    }

    public void Dispose() => _wake.Dispose();

    private void OnAddresses(object? sender, EventArgs change) => Wake();

    private void Look()
    {
        var changes = new List<SourceChange>();
        try
        {
            monitor.Check(clock.GetUtcNow(), changes);
        }
        catch (IOException fault)
        {
            CannotSee(log, fault.Message);
        }

        if (changes.Count > 0)
        {
            changed(changes);
        }
    }

    private void Rouse()
    {
        lock (_wake)
        {
            if (_wake.CurrentCount == 0)
            {
                _wake.Release();
            }
        }
    }

    // Until the next look is due, or is to be at once. A report only moves the time.
    private async Task RestAsync(CancellationToken stop)
    {
        while (monitor.NextCheck - clock.GetUtcNow() is { Ticks: > 0 } wait && !Interlocked.Exchange(ref _atOnce, false))
        {
            using var due = new CancellationTokenSource(wait, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(due.Token, stop);
            try
            {
                await _wake.WaitAsync(either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                // It is time.
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The addresses of this host cannot be read; sources stay as they were: {Fault}")]
    private static partial void CannotSee(ILogger log, string fault);
}
