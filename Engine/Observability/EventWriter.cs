using System.Diagnostics.Metrics;

namespace Engine.Observability;

/// <summary>The thread that brings blocks of events to the disk. A fault is logged, counted and tried again until the log stops.</summary>
internal sealed partial class EventWriter : IAsyncDisposable
{
    private readonly EventBacklog _backlog;
    private readonly EventFiles _files;
    private readonly EventFile _file;
    private readonly EventArchive _archive;
    private readonly TimeSpan _retryAfter;
    private readonly ILogger<EventWriter> _logger;
    private readonly Counter<long> _faults;
    private readonly EventSignal _written = new();
    private readonly Thread _thread;
    private EventHour _hour;

    /// <param name="backlog">Where blocks come from.</param>
    /// <param name="files">Where they go.</param>
    /// <param name="archive">Told of each file that is closed.</param>
    /// <param name="retryAfter">Pause after a fault.</param>
    /// <param name="meter">Gets the count of faults.</param>
    /// <param name="logger">Gets the faults.</param>
    public EventWriter(EventBacklog backlog, EventFiles files, EventArchive archive, TimeSpan retryAfter, Meter meter, ILogger<EventWriter> logger)
    {
        (_backlog, _files, _archive, _retryAfter, _logger) = (backlog, files, archive, retryAfter, logger);
        _file = new EventFile(files);
        _faults = meter.CreateCounter<long>(
            "engine_event_log_faults_total", "{fault}", "Writes to the event log that failed and were tried again. Alert on any.");
        _thread = new Thread(Run) { Name = "event log", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Completes when lines were written after it was taken.</summary>
    public Task Next => _written.Next;

    /// <summary>Waits for the thread; <see cref="EventBacklog.Stop"/> comes first.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.Factory.StartNew(_thread.Join, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        _file.Dispose();
    }

    private void Run()
    {
        var batch = new List<EventBlock>();
        var lost = 0L;
        while (_backlog.Take(batch))
        {
            foreach (var block in batch)
            {
                lost += Save(block) ? 0 : block.Written.Span.Count((byte)'\n');
            }

            _backlog.Settle(batch);
            _written.Raise();
            batch.Clear();
        }

        _written.Raise();
        Close();
        if (lost > 0)
        {
            LogLost(lost);
        }
    }

    // False only when the log stops and the disk still fails.
    private bool Save(EventBlock block)
    {
        while (true)
        {
            var isLastTry = _backlog.IsStopping;
            try
            {
                _file.Write(block);
                CloseBefore(block.Hour);
                return true;
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                _faults.Add(1);
                LogFault(fault, _files.Lines(block.Hour), _backlog.Pending);
                _file.Abandon();
                if (isLastTry)
                {
                    return false;
                }
            }

            _archive.MakeRoom();
            _backlog.Pause(_retryAfter);
        }
    }

    private void CloseBefore(EventHour hour)
    {
        if (hour != _hour)
        {
            _hour = hour;
            _archive.Close(hour);
        }
    }

    private void Close()
    {
        try
        {
            _file.Close();
        }
        catch (IOException fault)
        {
            _faults.Add(1);
            LogFault(fault, _files.Directory, 0);
        }
    }

    [LoggerMessage(EventId = 7001, Level = LogLevel.Error, Message = "Event log: writing {File} failed, {Pending} octets wait; beyond the bound delivery waits too")]
    private partial void LogFault(Exception fault, string file, long pending);

    [LoggerMessage(EventId = 7002, Level = LogLevel.Critical, Message = "Event log: stopped with {Count} events that could not be written")]
    private partial void LogLost(long count);
}
