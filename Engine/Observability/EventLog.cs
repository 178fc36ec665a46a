using System.Diagnostics.Metrics;
using System.Text.Json;
using Engine.Mail;

namespace Engine.Observability;

/// <summary>The event log: JSON lines on disk, one file an hour, compressed when its hour is over.</summary>
/// <remarks>
/// <see cref="Write"/> turns the event into its line under a short lock and returns; a thread of the log's own brings lines to the disk.
/// Nothing is dropped while the engine runs: when <see cref="EventLogSettings.MaxPending"/> octets wait for a disk that is too slow or
/// fails, writers wait as well, and delivery with them. An event lost in silence could never be found again.
/// </remarks>
internal sealed partial class EventLog : IEvents, IAsyncDisposable
{
    private readonly EventLogSettings _settings;
    private readonly TimeProvider _clock;
    private readonly ILogger<EventLog> _logger;
    private readonly Meter _meter = new("Engine.Observability");
    private readonly Counter<long> _events;
    private readonly EventBacklog _backlog;
    private readonly EventWriter _writer;

    private readonly Lock _gate = new();
    private readonly LineBuffer _line = new();
    private readonly Utf8JsonWriter _json;
    private EventHour _hour;
    private long _sequence;

    /// <summary>Opens the log in its directory and goes on where the last run ended. Reads the end of the newest file.</summary>
    public EventLog(EventLogSettings settings, TimeProvider clock, ILoggerFactory loggers)
    {
        (_settings, _clock, _logger) = (settings, clock, loggers.CreateLogger<EventLog>());
        var files = new EventFiles(settings.Directory);
        _sequence = LastSequence.In(files);
        _hour = FirstHour(files, EventHour.Of(clock.GetUtcNow()));
        _json = new Utf8JsonWriter(_line, EventJson.Options);
        _events = _meter.CreateCounter<long>("engine_events_total", "{event}", "Events taken by the event log.");
        _backlog = new EventBacklog(settings.MaxPending, settings.FlushAfter, clock);
        Archive = new EventArchive(files, settings.Options, clock, _hour, loggers.CreateLogger<EventArchive>());
        _writer = new EventWriter(_backlog, files, Archive, settings.RetryAfter, _meter, loggers.CreateLogger<EventWriter>());
        _meter.CreateObservableGauge(
            "engine_event_lag_bytes",
            () => new Measurement<long>(_backlog.Pending, new KeyValuePair<string, object?>("consumer", "disk")),
            "By",
            "Octets of the event log that a consumer has not taken yet; consumer disk is the log itself. Alert when it does not fall.");
    }

    /// <summary>Octets that wait for the disk.</summary>
    public long PendingBytes => _backlog.Pending;

    /// <summary>Who looks after closed files.</summary>
    public EventArchive Archive { get; }

    /// <summary>Completes when lines were written after it was taken. Who follows takes it, reads to the end, then awaits it.</summary>
    public Task NextLines => _writer.Next;

    /// <inheritdoc/>
    public void Write(in Event line)
    {
        lock (_gate)
        {
            if (_backlog.IsOver)
            {
                LogLate(line.Kind);
                return;
            }

            var now = _clock.GetUtcNow();
            _hour = EventHour.Of(now) is var hour && hour > _hour ? hour : _hour;
            _line.Clear();
            _json.Reset();
            EventJson.Write(_json, line, line.Time == default ? now : line.Time, _settings.Node, _sequence + 1);
            _json.Flush();
            _line.Add((byte)'\n');
            if (!_backlog.Append(_hour, _line.Written))
            {
                LogLate(line.Kind);
                return;
            }

            _sequence++;
        }

        _events.Add(1);
    }

    /// <summary>Completes when everything written before the call is in its file.</summary>
    public async ValueTask FlushAsync(CancellationToken stop)
    {
        var target = _backlog.Appended;
        _backlog.Seal();
        while (true)
        {
            var next = NextLines;
            if (_backlog.IsSettled(target))
            {
                return;
            }

            await next.WaitAsync(stop).ConfigureAwait(false);
        }
    }

    /// <summary>Writes what waits, puts it on stable storage and stops. A disk that fails now gets one more try, then the loss is logged.</summary>
    public async ValueTask DisposeAsync()
    {
        _backlog.Stop();
        await _writer.DisposeAsync().ConfigureAwait(false);
        await Archive.DisposeAsync().ConfigureAwait(false);
        lock (_gate)
        {
            _json.Dispose();
        }

        _backlog.Dispose();
        _meter.Dispose();
    }

    // Not before what is there already, should the clock have stepped back; a compressed file takes no more lines.
    private static EventHour FirstHour(EventFiles files, EventHour now) => files.Hours() switch
    {
        [.., var newest] when newest >= now => File.Exists(files.Archive(newest)) ? new EventHour(newest.Value + 1) : newest,
        _ => now,
    };

    [LoggerMessage(EventId = 7000, Level = LogLevel.Error, Message = "Event log: event {Kind} came after the log was closed and is lost")]
    private partial void LogLate(EventKind kind);
}
