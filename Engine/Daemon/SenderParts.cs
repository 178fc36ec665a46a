using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Engine.Configuration;
using Engine.Configuration.Shapes;
using Engine.Mail;
using Engine.Reputation;
using Engine.Reputation.Brakes;
using Engine.Reputation.Score;

namespace Engine.Daemon;

/// <summary>
/// The parts that judge senders: brakes, score, engagement. What they decide becomes overrides and events here, in a loop of its own; what operators take back is told to them.
/// </summary>
internal sealed class SenderParts
{
    /// <summary>Who sets the overrides of brakes.</summary>
    public const string Brakes = "brakes";

    /// <summary>Who sets those of scores.</summary>
    public const string Score = "score";

    private const string StreamPrefix = "pause.stream.";
    private const string CampaignPrefix = "pause.campaign.";

    private static readonly TimeSpan Beat = TimeSpan.FromMinutes(1);
    private static readonly string AccountPrefix = OverrideKey.PauseAccount(string.Empty);

    private readonly CurrentSnapshot _current;
    private readonly SourceMap _sources;
    private readonly Overrides _overrides;
    private readonly IEvents _events;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly LastingLoop _loops;
    private readonly SenderWatch _watch;
    private readonly Channel<BrakeDecision> _decisions = Channel.CreateUnbounded<BrakeDecision>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Lock _gate = new();
    private readonly HashSet<string> _restoring = new(StringComparer.Ordinal);
    private FrozenDictionary<string, Override> _known = FrozenDictionary<string, Override>.Empty;

    /// <param name="current">The configuration.</param>
    /// <param name="sources">Learns who is isolated.</param>
    /// <param name="overrides">Where pauses and isolations go.</param>
    /// <param name="events">Told of every step.</param>
    /// <param name="digest">The digest of an address, as suppression makes it.</param>
    /// <param name="clock">The time.</param>
    /// <param name="loggers">Told of faults.</param>
    public SenderParts(CurrentSnapshot current, SourceMap sources, Overrides overrides, IEvents events, Func<Mailbox, AddressDigest> digest, TimeProvider clock, ILoggerFactory loggers)
    {
        (_current, _sources, _overrides, _events, _clock) = (current, sources, overrides, events, clock);
        _log = loggers.CreateLogger<SenderParts>();
        _loops = new LastingLoop(clock, _log);
        var options = current.Value.Options;
        _watch = new SenderWatch(options.Brakes, options.Score);
        _watch.Decided += decision => _decisions.Writer.TryWrite(decision);
        Engagement = new EngagementBook(options.Engagement, digest);
        Imports = new EngagementDesk(Engagement, _watch, name => _current.Value.AccountOf(name) is not null, clock);
        LoadOverrides();
    }

    /// <summary>Who was isolated or restored: what waits in READY is to be dispatched anew.</summary>
    public event Action? Moved;

    /// <summary>Tell it of every delivered, bounced and blocked recipient, of every complaint.</summary>
    public SenderWatch Watch => _watch;

    public EngagementBook Engagement { get; }

    /// <summary>Takes opens and clicks.</summary>
    public EngagementDesk Imports { get; }

    /// <summary>What is kept over a restart.</summary>
    public IReadOnlyList<KeptState> States =>
    [
        KeptState.OfStream("brakes", _watch.SaveBrakes, _watch.RestoreBrakes),
        KeptState.OfStream("score", _watch.SaveScore, _watch.RestoreScore),
        new KeptState("engagement", path => new EngagementFile(path, _clock).Save(Engagement), path => new EngagementFile(path, _clock).Load(Engagement)),
    ];

    /// <summary>For mail that says nothing itself: whether its only recipient is engaged. Any thread.</summary>
    public Engagement? EngagementOf(Mailbox recipient) => Engagement.Of(recipient, _clock.GetUtcNow());

    /// <summary>A reload: nothing that was counted is lost.</summary>
    public void Load(Snapshot snapshot)
    {
        _watch.Load(snapshot.Options.Brakes, snapshot.Options.Score);
        Engagement.Load(snapshot.Options.Engagement);
    }

    /// <summary>Follows the overrides: at the start, and whenever they change. What is gone was taken back by an operator or by time.</summary>
    public void LoadOverrides()
    {
        bool hasMoved;
        lock (_gate)
        {
            var now = _overrides.List().ToFrozenDictionary(one => one.Key, StringComparer.Ordinal);
            foreach (var gone in _known.Values.Where(one => !now.ContainsKey(one.Key)))
            {
                TakeBack(gone);
            }

            _known = now;
            var isolated = now.Values.Where(one => OverrideKey.IsolatedAccount(one.Key) is not null)
                .ToFrozenDictionary(one => OverrideKey.IsolatedAccount(one.Key)!, one => one.Value, StringComparer.Ordinal);
            hasMoved = isolated.Count != _sources.Isolated.Count || isolated.Any(one => _sources.Isolated.GetValueOrDefault(one.Key) != one.Value);
            _sources.Isolated = isolated;
        }

        if (hasMoved)
        {
            Moved?.Invoke();
        }
    }

    /// <summary>What ended while the engine was down is forgiven; then decisions are carried out and scores looked at each minute, until stopped. No fault ends it.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever keeps old brakes from being forgiven must not keep new ones away.")]
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            Reconcile();
        }
        catch (Exception fault)
        {
            DaemonLog.NotReconciled(_log, fault);
        }

        await Task.WhenAll(_loops.RunAsync("brake decisions", FollowAsync, stop), _loops.RunAsync("scores", BeatAsync, stop)).ConfigureAwait(false);
    }

    /// <summary>After the state was read: a brake or score that thinks it holds somebody whom no override holds.</summary>
    public void Reconcile()
    {
        var now = _clock.GetUtcNow();
        var classes = _current.Value.Options.Brakes.Class;
        foreach (var report in _watch.Brakes(now).Where(one => one.Level is BrakeLevel.Paused && classes.Contains(one.Subject.Class) && _overrides.Find(KeyOf(one.Subject)) is null))
        {
            _watch.Resume(report.Subject.Account, report.Subject.Kind, report.Subject.Name);
        }

        foreach (var report in _watch.Scores(ScoreKind.Account, now))
        {
            var key = report.Stage switch
            {
                ScoreStage.Isolated => OverrideKey.IsolateAccount(report.Subject.Name),
                ScoreStage.Paused => OverrideKey.PauseAccount(report.Subject.Name),
                _ => null,
            };
            if (key is not null && _overrides.Find(key) is null)
            {
                _watch.Undone(report.Subject.Name, now);
            }
        }
    }

    /// <summary>Carries out what a brake decided.</summary>
    /// <exception cref="IOException">The pause could not be written.</exception>
    public void Apply(in BrakeDecision decision)
    {
        var subject = decision.Subject;
        if (decision.Action is BrakeAction.Warn)
        {
            Tell(EventKind.Alert, Brakes, decision.RuleName, subject, decision.Reason);
            return;
        }

        var isAccount = decision.Action is BrakeAction.PauseAccount;
        if (Pause(KeyOf(subject), isAccount ? ClassesOf(subject.Class, _current.Value.Options.Brakes.Class) : "true", Brakes, decision.Reason))
        {
            Tell(isAccount ? EventKind.AccountPaused : EventKind.CampaignPaused, Brakes, decision.RuleName, subject, decision.Reason);
        }
    }

    /// <summary>Carries out what a score asks for.</summary>
    /// <exception cref="IOException">The override could not be written.</exception>
    public void Apply(ScoreDecision decision)
    {
        var name = decision.Report.Subject.Name;
        var reason = decision.Report.Reason;
        switch (decision.Action)
        {
            case ScoreAction.Pause:
                var classes = _current.Value.Options.Score.Class;
                if (Pause(OverrideKey.PauseAccount(name), ClassesOf(classes[0], classes), Score, reason))
                {
                    Tell(EventKind.AccountPaused, decision, "score/pause", reason);
                }

                break;
            case ScoreAction.Isolate:
                _overrides.Add(OverrideKey.IsolateAccount(name), decision.Pool!, Score, reason);
                Tell(EventKind.Alert, decision, "score/isolate", $"{reason}; its mail goes by the pool {decision.Pool}");
                break;
            case ScoreAction.Restore:
                Restore(name);
                Tell(EventKind.Alert, decision, "score/restore", $"score {decision.Report.Score} over {decision.Report.Samples} recipients: its mail goes by its own pools again");
                break;
            default:
                Tell(EventKind.Alert, decision, "score/low", reason);
                break;
        }
    }

    private static string KeyOf(in BrakeSubject subject) => subject.Kind switch
    {
        BrakeSubjectKind.Account => OverrideKey.PauseAccount(subject.Account),
        BrakeSubjectKind.Campaign => OverrideKey.PauseCampaign(subject.Account, subject.Name),
        _ => OverrideKey.PauseStream(subject.Account, subject.Name),
    };

    private static string ClassesOf(StreamClass own, IReadOnlyList<StreamClass> all) => all.Distinct().Count() > 1 ? "true" : Spelling.Of(own);

    // False where the same, or more, is paused already: an operator's pause stays his.
    private bool Pause(string key, string value, string who, string reason)
    {
        var before = _overrides.Find(key);
        if (before is not null && (before.Value == "true" || before.Value == value))
        {
            return false;
        }

        _overrides.Add(key, before is null ? value : "true", who, reason);
        return true;
    }

    private void Restore(string account)
    {
        var key = OverrideKey.IsolateAccount(account);
        if (_overrides.Find(key) is not { Who: Score })
        {
            return;
        }

        lock (_gate)
        {
            _restoring.Add(key);
        }

        _overrides.Remove(key);
    }

    private void TakeBack(Override gone)
    {
        if (_restoring.Remove(gone.Key))
        {
            return;
        }

        if (OverrideKey.IsolatedAccount(gone.Key) is { } isolated)
        {
            _watch.Undone(isolated, _clock.GetUtcNow());
        }
        else if (gone.Key.StartsWith(AccountPrefix, StringComparison.Ordinal))
        {
            var account = gone.Key[AccountPrefix.Length..];
            _watch.Resume(account, BrakeSubjectKind.Account, string.Empty);
            if (gone.Who == Score)
            {
                _watch.Undone(account, _clock.GetUtcNow());
            }
        }
        else if (Named(gone.Key, CampaignPrefix) is [var owner, var campaign])
        {
            _watch.Resume(owner, BrakeSubjectKind.Campaign, campaign);
        }
        else if (Named(gone.Key, StreamPrefix) is [var whose, var stream])
        {
            _watch.Resume(whose, BrakeSubjectKind.Stream, stream);
        }
    }

    private static string[] Named(string key, string prefix) => key.StartsWith(prefix, StringComparison.Ordinal) ? key[prefix.Length..].Split('/', 2) : [];

    private void Tell(EventKind kind, string who, string rule, BrakeSubject subject, string reason) => _events.Write(new Event
    {
        Kind = kind,
        Time = _clock.GetUtcNow(),
        RecipientIndex = -1,
        Who = who,
        Rule = rule,
        Account = subject.Account,
        Campaign = subject.Kind is BrakeSubjectKind.Campaign ? subject.Name : null,
        Stream = subject.Kind is BrakeSubjectKind.Stream ? subject.Name : null,
        Reason = reason,
    });

    private void Tell(EventKind kind, ScoreDecision decision, string rule, string reason) => _events.Write(new Event
    {
        Kind = kind,
        Time = _clock.GetUtcNow(),
        RecipientIndex = -1,
        Who = Score,
        Rule = rule,
        Account = decision.Report.Subject.Kind is ScoreKind.Account ? decision.Report.Subject.Name : null,
        HeaderFrom = decision.Report.Subject.Kind is ScoreKind.SenderDomain ? decision.Report.Subject.Name : null,
        Pool = decision.Pool,
        Reason = reason,
    });

    private async Task FollowAsync(CancellationToken stop)
    {
        try
        {
            await foreach (var decision in _decisions.Reader.ReadAllAsync(stop).ConfigureAwait(false))
            {
                await InsistAsync(() => Apply(decision), stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The end. What was not carried out is decided anew: without an override, the start forgives it.
        }
    }

    private async Task BeatAsync(CancellationToken stop)
    {
        using var beat = new PeriodicTimer(Beat, _clock);
        try
        {
            while (await beat.WaitForNextTickAsync(stop).ConfigureAwait(false))
            {
                foreach (var decision in _watch.Judge(_clock.GetUtcNow()))
                {
                    await InsistAsync(() => Apply(decision), stop).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    // The machine has decided once and will not again: a disk that takes no override is asked until it does.
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Top of the loops: whatever keeps one pause from being written must neither lose it nor end the loop; the log says so and it is tried again.")]
    private async Task InsistAsync(Action apply, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                apply();
                return;
            }
            catch (ArgumentException fault)
            {
                // A name that no key takes: not even trying again helps.
                DaemonLog.SenderNotStopped(_log, fault);
                return;
            }
            catch (Exception fault)
            {
                DaemonLog.SenderNotStopped(_log, fault);
                await Task.Delay(TimeSpan.FromSeconds(10), _clock, stop).ConfigureAwait(false);
            }
        }
    }
}
