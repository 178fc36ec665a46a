namespace Engine.Queue;

/// <summary>Tells what the commit loop does and suffers: log lines, metrics, the end. Called on its thread.</summary>
/// <param name="logger">For people.</param>
/// <param name="metrics">For alarms.</param>
/// <param name="failed">The process is to end.</param>
internal sealed class QueueWatch(ILogger logger, QueueMetrics metrics, Action<Exception> failed)
{
    /// <summary>Told after each commit.</summary>
    public Action? Grown { get; set; }

    public void Committed(TimeSpan time)
    {
        metrics.Committed(time);
        Grown?.Invoke();
    }

    /// <summary>A write failed: no mail is taken and none is sent until <see cref="Recovered"/>.</summary>
    public void Failed(Exception reason)
    {
        QueueLog.Faulted(logger, reason);
        metrics.Faulted();
    }

    /// <summary>The log takes writes again.</summary>
    public void Recovered() => QueueLog.FaultOver(logger);

    /// <summary>It does not: the process is to end with 75.</summary>
    public void GivenUp(Exception reason)
    {
        QueueLog.Failed(logger, reason);
        failed(reason);
    }
}
