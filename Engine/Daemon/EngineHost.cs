using System.Diagnostics.CodeAnalysis;
using System.Net;
using Engine.Configuration;
using Engine.Mail;
using Engine.Observability;
using Engine.Queue;
using Engine.Suppression;

namespace Engine.Daemon;

/// <summary>
/// A running engine. Start: state and queue recovered, then delivery, then listeners. Stop, in the order that loses nothing: intake
/// first, open content finished and answered; then no new delivery, pending dots waited for; outcomes recorded; queue and events closed.
/// </summary>
internal sealed class EngineHost : IAsyncDisposable
{
    private const string Adoption = "this state belongs to another machine or node: engine adopt --yes";

    private readonly EngineParts _parts;
    private readonly Identity _identity;
    private readonly TaskCompletionSource<Exception> _queueFailed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly EngineInstruments _instruments;
    private readonly MetricsCollector _metrics;
    private readonly StateKeeper _keeper;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _reloading = new(1, 1);
    private readonly string? _file;
    private MetricsEndpoint? _endpoint;
    private Task _dispatching = Task.CompletedTask;
    private Task _recording = Task.CompletedTask;
    private Task _noticing = Task.CompletedTask;
    private Task _suppressing = Task.CompletedTask;
    private Task[] _besides = [];
    private CheckedConfiguration _configuration;
    private CheckedConfiguration? _previous;
    private bool _lastReload = true;
    private int _stopped;

    private EngineHost(CheckedConfiguration configuration, string? file, EngineParts parts, Identity identity, TimeProvider clock, ILoggerFactory loggers)
    {
        (_configuration, _file, _parts, _identity, _clock) = (configuration, file, parts, identity, clock);
        _log = loggers.CreateLogger<EngineHost>();
        Started = clock.GetUtcNow();
        Operators = new OperatorDesk(parts.Queue, parts.Notices, parts.Rate, clock);
        _keeper = new StateKeeper(parts.Current.Value.PathTo(parts.Current.Value.Options.State), [.. parts.Traffic.States, .. parts.Senders.States, .. parts.Domains.States, parts.TlsReports.State, parts.Seeds.State, new KeptState("limits", _ => parts.LimitStore.Save(), static _ => { })], clock, _log);
        _metrics = new MetricsCollector(loggers.CreateLogger<MetricsCollector>());
        _instruments = new EngineInstruments(EngineVersion.Text, () => _lastReload, parts.Overrides.List, parts.Rate, Started);
    }

    public DateTimeOffset Started { get; }

    public Snapshot Snapshot => _parts.Current.Value;

    public EngineParts Parts => _parts;

    public MailQueue Queue => _parts.Queue;

    public QueueCounts Counts => _parts.Queue.Counts;

    public Overrides Overrides => _parts.Overrides;

    public EventLog EventLog => _parts.EventLog;

    /// <summary>Carries out operators' orders on queued mail.</summary>
    public OperatorDesk Operators { get; }

    /// <summary>Why the queue, or the suppression list, takes no more writes; null while they do.</summary>
    public Exception? StorageFault => _queueFailed.Task.IsCompleted ? _queueFailed.Task.Result : _parts.Suppressions.Failed.IsCompleted ? _parts.Suppressions.Failed.Result : null;

    /// <summary>Where events are written; the same for operators' actions.</summary>
    public IEvents Events => _parts.Rate;

    public string EventsDirectory => Path.Join(Snapshot.PathTo(Snapshot.Options.State), "events");

    /// <summary>Where mail is taken, with real ports.</summary>
    public IReadOnlyList<IPEndPoint> SubmissionEndPoints => [.. _parts.Submission.BoundEndPoints
        .Where(bound => Snapshot.Options.Listeners.GetValueOrDefault(bound.Name)?.Role is not ListenerRole.Feedback)
        .Select(bound => bound.EndPoint)];

    /// <summary>Port of the metrics endpoint; 0 when there is none.</summary>
    public int MetricsPort => _endpoint?.Port ?? 0;

    /// <summary>Ends when a part cannot go on: the queue or the suppression list takes no writes, a loop broke. The process should end with 75.</summary>
    public Task Failed { get; private set; } = Task.CompletedTask;

    public bool IsAlive => !_dispatching.IsCompleted && !_recording.IsCompleted && !_noticing.IsCompleted && !_suppressing.IsCompleted && !_parts.Suppressions.Failed.IsCompleted;

    /// <summary>Starts with a snapshot made in code; for the demo and tests. It cannot be reloaded from a file.</summary>
    public static Task<EngineHost> StartAsync(Snapshot snapshot, TimeProvider clock, ILoggerFactory loggers, CancellationToken stop) =>
        StartAsync(ConfigurationCheck.Complete(new LoadResult(snapshot, new Findings())), null, held: false, clock, loggers, stop);

    /// <summary>Starts.</summary>
    /// <param name="configuration">Checked, without core findings.</param>
    /// <param name="file">Read again at reload; null for none.</param>
    /// <param name="held">Start with everything paused: key <c>run --held</c>.</param>
    /// <param name="clock">Time for everything.</param>
    /// <param name="loggers">Logs of everything.</param>
    /// <param name="stop">Gives up the start.</param>
    /// <exception cref="QueueDamagedException">The queue cannot be opened without losing mail.</exception>
    /// <exception cref="SuppressionDamagedException">The suppression list cannot be trusted, or is another key's.</exception>
    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The host owns its parts; where it does not come into being, the catch disposes of them.")]
    public static async Task<EngineHost> StartAsync(CheckedConfiguration configuration, string? file, bool held, TimeProvider clock, ILoggerFactory loggers, CancellationToken stop)
    {
        var snapshot = configuration.Snapshot!;
        var options = snapshot.Options;
        var state = snapshot.PathTo(options.State);
        Directory.CreateDirectory(state);
        var current = snapshot;
        var overrides = new Overrides(Path.Join(state, "overrides"), clock);
        EventLog? events = null;
        MailQueue? queue = null;
        SuppressionStore? suppressions = null;
        EngineHost? host = null;
        try
        {
            events = new EventLog(new EventLogSettings { Directory = Path.Join(state, "events"), Node = options.Node, Options = () => Volatile.Read(ref current).Options.Events }, clock, loggers);
            queue = await MailQueue.OpenAsync(
                new QueueSettings(Path.Join(state, "queue"), options.Node, options.Queue.Durability, options.Queue.Memory, options.Queue.MinFreeDisk),
                clock,
                loggers.CreateLogger<MailQueue>(),
                stop).ConfigureAwait(false);
            suppressions = await OpenSuppressionsAsync(snapshot, clock, loggers).ConfigureAwait(false);
            var identity = Identity.Open(state, options.Node);
            HoldWhereNeeded(identity, held, overrides, loggers);
            var parts = new EngineParts(configuration, queue, overrides, events, suppressions, clock, loggers);
            host = new EngineHost(configuration, file, parts, identity, clock, loggers);
            parts.Current.Changed += next => Volatile.Write(ref current, next);
            await host.BeginAsync(loggers, stop).ConfigureAwait(false);
            return host;
        }
        catch
        {
            if (host is not null)
            {
                await host.DisposeAsync().ConfigureAwait(false);
            }
            else
            {
                await EndAsync(suppressions).ConfigureAwait(false);
                await EndAsync(queue).ConfigureAwait(false);
                await EndAsync(events).ConfigureAwait(false);
                overrides.Dispose();
            }

            throw;
        }
    }

    /// <summary>Takes over a foreign state and lets its mail go; false when it is our own.</summary>
    public bool Adopt()
    {
        if (!_identity.IsForeign)
        {
            return false;
        }

        _identity.Adopt();
        return Overrides.Remove(OverrideKey.PauseAll);
    }

    /// <summary>Reads the configuration again and puts it in force when it is sound. One at a time.</summary>
    public async Task<ReloadResult> ReloadAsync(ReloadRequest request)
    {
        await _reloading.WaitAsync().ConfigureAwait(false);
        try
        {
            var next = request.Previous ? _previous ?? throw new InvalidOperationException("there is no previous configuration") : Read();
            if (next.Snapshot is null)
            {
                _lastReload = request.DryRun && _lastReload;
                return new ReloadResult(IsTaken: false, next.Findings.All, []);
            }

            var diff = SnapshotDiff.Between(Snapshot, next.Snapshot);
            var findings = next.Findings.All.Concat(diff.Findings).Concat(request.HoldOrphans ? [] : Orphans.Find(Queue, next.Snapshot, diff)).ToArray();
            if (request.DryRun || findings.Any(finding => finding.Scope is FindingScope.Core))
            {
                _lastReload = request.DryRun && _lastReload;
                return new ReloadResult(IsTaken: false, findings, diff.Changes);
            }

            await _parts.LoadAsync(next).ConfigureAwait(false);
            (_previous, _configuration, _lastReload) = (_configuration, next, true);
            Events.Write(new Event { Kind = EventKind.ConfigReloaded, Time = _clock.GetUtcNow(), RecipientIndex = -1, Count = diff.Changes.Count });
            DaemonLog.Reloaded(_log, diff.Changes.Count);
            return new ReloadResult(IsTaken: true, findings, diff.Changes);
        }
        finally
        {
            _reloading.Release();
        }
    }

    /// <summary>Stops in good order; a pending dot is waited for at most <c>shutdown.grace</c>, then becomes uncertain.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) != 0)
        {
            return;
        }

        // One grace for both: systemd's patience is one, and a dot cut off by SIGKILL would not be known as uncertain.
        var grace = Snapshot.Options.Shutdown.Grace;
        using (var bound = new CancellationTokenSource(grace, _clock))
        {
            await Task.WhenAll(_parts.Submission.StopAsync(bound.Token), _parts.Workers.StopAsync(grace, _clock)).ConfigureAwait(false);
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        await _dispatching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _parts.Attempts.Writer.TryComplete();
        await _recording.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _noticing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _suppressing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var loop in _besides)
        {
            await loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _keeper.Save();
        await Operators.DisposeAsync().ConfigureAwait(false);
        await _parts.DisposeAsync().ConfigureAwait(false);
        await Queue.DisposeAsync().ConfigureAwait(false);
        await _parts.Suppressions.DisposeAsync().ConfigureAwait(false);
        await EndAsync(_endpoint).ConfigureAwait(false);
        _instruments.Dispose();
        _metrics.Dispose();
        await EventLog.DisposeAsync().ConfigureAwait(false);
        Overrides.Dispose();
        _reloading.Dispose();
        _stop.Dispose();
    }

    private static async ValueTask EndAsync(IAsyncDisposable? part)
    {
        if (part is not null)
        {
            await part.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static void HoldWhereNeeded(Identity identity, bool held, Overrides overrides, ILoggerFactory loggers)
    {
        if (identity.IsForeign)
        {
            DaemonLog.ForeignState(loggers.CreateLogger<EngineHost>(), $"node {identity.Known!.Node}, machine {identity.Known.MachineId}");
            overrides.Add(OverrideKey.PauseAll, "true", "engine", Adoption);
        }
        else if (held)
        {
            overrides.Add(OverrideKey.PauseAll, "true", "operator", "started with --held");
        }
    }

    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The caller owns the list; where it is not given out, the catch disposes of it.")]
    private static async Task<SuppressionStore> OpenSuppressionsAsync(Snapshot snapshot, TimeProvider clock, ILoggerFactory loggers)
    {
        var options = snapshot.Options.Suppression;
        var directory = Path.Join(snapshot.PathTo(snapshot.Options.State), "suppression");
        var mark = new ListMark(directory);
        mark.Check();
        Directory.CreateDirectory(directory);
        var key = options.KeyFile is { } file ? SuppressionKey.Load(snapshot.PathTo(file)) : SuppressionKey.LoadOrCreate(Path.Join(directory, "key"));
        var store = await SuppressionStore.OpenAsync(directory, key, options, clock, loggers.CreateLogger<SuppressionStore>()).ConfigureAwait(false);
        try
        {
            mark.Keep(key.Id);
            return store;
        }
        catch
        {
            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    // Loops that no mail waits for; none ends before it is stopped.
    private Func<CancellationToken, Task>[] Besides()
    {
        var lasting = new LastingLoop(_clock, _log);
        return
        [
            _parts.Traffic.RunAsync,
            _parts.Senders.RunAsync,
            _keeper.RunAsync,
            _parts.Sts.RunAsync,
            _parts.Keys.RunAsync,
            _parts.Domains.RunAsync,
            stop => lasting.RunAsync("TLS reports", _parts.TlsReports.RunAsync, stop),
            stop => lasting.RunAsync("seed probes", _parts.Seeds.Desk.RunAsync, stop),
        ];
    }

    private CheckedConfiguration Read() =>
        ConfigurationCheck.Load(_file ?? throw new InvalidOperationException("this engine was not started from a file"), _parts.Signing.Keys);

    private async Task BeginAsync(ILoggerFactory loggers, CancellationToken stop)
    {
        _keeper.Load();
        Overrides.Changed += _parts.LoadPauses;
        Queue.Failed += fault => _queueFailed.TrySetResult(fault);
        Queue.EndedLate += Operators.OnEndedLate;
        if (Snapshot.Options.Telemetry.Metrics is { } bind)
        {
            _endpoint = new MetricsEndpoint(IPEndPoint.Parse(bind), _metrics, loggers);
            await _endpoint.StartAsync(stop).ConfigureAwait(false);
        }

        await _parts.Submission.StartAsync().ConfigureAwait(false);
        _parts.LoadListeners();
        _recording = Task.Run(() => _parts.Outcomes.RunAsync(_parts.Attempts.Reader), CancellationToken.None);
        _noticing = Task.Run(() => _parts.Notices.RunAsync(_stop.Token), CancellationToken.None);
        _suppressing = Task.Run(() => _parts.Inbound.Suppressions.RunAsync(_stop.Token), CancellationToken.None);
        _besides = [.. Besides().Select(loop => Task.Run(() => loop(_stop.Token), CancellationToken.None))];
        _dispatching = Task.Run(() => _parts.Dispatcher.RunAsync(_stop.Token), CancellationToken.None);
        Failed = Task.WhenAny(_queueFailed.Task, _parts.Suppressions.Failed, _dispatching, _recording, _noticing, _suppressing);
    }
}
