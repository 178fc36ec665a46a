using Engine.Configuration;

namespace Engine.Reputation.Score;

/// <summary>
/// How well accounts and sender domains behave, and what follows: isolation in a pool of their own, a pause, an alert. Pure: no clock, no I/O. Not thread-safe.
/// </summary>
internal sealed class SenderScore
{
    /// <summary>Accounts that are remembered, and domains; about 900 octets each. Whoever is forgotten begins anew.</summary>
    public const int Bound = 20_000;

    /// <summary>Points above <c>isolateBelow</c> from which on an account goes back.</summary>
    private const int Hysteresis = 15;

    private const byte Version = 1;

    /// <summary>An account stays isolated at least so long; a step that an operator undid is not taken again for so long.</summary>
    private static readonly TimeSpan LeastInterval = TimeSpan.FromHours(24);

    private readonly SenderTable<ScoreSubject, ScoreTrack> _accounts;
    private readonly SenderTable<ScoreSubject, ScoreTrack> _domains;
    private readonly SenderCache<ScoreTrack> _recent = new();
    private readonly CountRing _all = new();
    private ScoreOptions _options;
    private StepClock _steps;
    private int _classes;

    public SenderScore(ScoreOptions options, int bound = Bound)
    {
        (_accounts, _domains, _options) = (new SenderTable<ScoreSubject, ScoreTrack>(bound), new SenderTable<ScoreSubject, ScoreTrack>(bound), options);
        (_steps, _classes) = (new StepClock(options.Window), ClassesOf(options));
    }

    private IEnumerable<ScoreTrack> Tracks => _accounts.Tracks.Concat(_domains.Tracks);

    /// <summary>A reload. When the window's length changed, counts begin anew; steps that were taken stay.</summary>
    public void Load(ScoreOptions options)
    {
        if (options.Window != _options.Window)
        {
            _all.Clear();
            foreach (var track in Tracks)
            {
                track.Counts.Clear();
            }
        }

        (_options, _steps, _classes) = (options, new StepClock(options.Window), ClassesOf(options));
    }

    public void Hear(in SenderNews news)
    {
        if ((_classes & (1 << (int)news.Class)) == 0)
        {
            return;
        }

        var step = _steps.StepOf(news.At);
        var name = news.SenderDomain.Name;
        if (!_recent.TryFind(news.Account, name, 0, out var account, out var domain))
        {
            account = _accounts.Of(new ScoreSubject(ScoreKind.Account, news.Account));
            domain = name.Length > 0 ? _domains.Of(new ScoreSubject(ScoreKind.SenderDomain, name)) : null;
            _recent.Keep(news.Account, name, 0, account, domain);
        }

        Count(account.Counts, news, step);
        Count(_all, news, step);
        if (domain is not null)
        {
            Count(domain.Counts, news, step);
        }
    }

    /// <summary>Looks at everybody: what is to be done now. Each decision counts as done; every minute is often enough.</summary>
    public IReadOnlyList<ScoreDecision> Judge(DateTimeOffset now)
    {
        var decisions = new List<ScoreDecision>();
        foreach (var track in Tracks)
        {
            track.Counts.MoveTo(_steps.StepOf(now));
            if (track.Counts.Answered == 0 && track.Stage is ScoreStage.None)
            {
                continue;
            }

            var report = Report(track, now);
            if (Next(track, report, now) is { } action)
            {
                track.Enter(StageOf(action), now);
                decisions.Add(new ScoreDecision(action, report, action is ScoreAction.Isolate ? _options.IsolateTo : null));
            }
        }

        return decisions;
    }

    /// <summary>The score of one; null when nothing was heard of it within the window.</summary>
    public ScoreReport? Of(ScoreSubject subject, DateTimeOffset now) =>
        (subject.Kind is ScoreKind.Account ? _accounts : _domains).Find(subject) is { } track ? Report(track, now) : null;

    /// <summary>All scores of a kind, the lowest first.</summary>
    public IReadOnlyList<ScoreReport> All(ScoreKind kind, DateTimeOffset now) =>
        [.. (kind is ScoreKind.Account ? _accounts : _domains).Tracks.Select(track => Report(track, now)).Where(report => report.Samples > 0 || report.Stage is not ScoreStage.None).OrderBy(report => report.Score)];

    /// <summary>An operator undid a step about an account: it is not taken again for a day.</summary>
    public void Undone(string account, DateTimeOffset now)
    {
        var track = _accounts.Of(new ScoreSubject(ScoreKind.Account, account));
        track.Enter(ScoreStage.None, now);
        track.KeepOff(now + LeastInterval);
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write(Version);
        writer.Write(_options.Window.Ticks);
        _all.Write(writer);
        writer.Write(_accounts.Tracks.Count + _domains.Tracks.Count);
        foreach (var track in Tracks)
        {
            track.Write(writer);
        }
    }

    /// <summary>Fills a new one.</summary>
    /// <exception cref="InvalidDataException">It was not written by <see cref="Save"/>.</exception>
    /// <exception cref="EndOfStreamException">It is cut off.</exception>
    public void Restore(BinaryReader reader)
    {
        if (reader.ReadByte() != Version)
        {
            throw new InvalidDataException("scores of another version");
        }

        var isSame = reader.ReadInt64() == _options.Window.Ticks;
        _all.Read(reader);
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var track = new ScoreTrack();
            track.Read(reader);
            if (!isSame)
            {
                track.Counts.Clear();
            }

            (track.Subject.Kind is ScoreKind.Account ? _accounts : _domains).Add(track);
        }

        if (!isSame)
        {
            _all.Clear();
        }
    }

    // A bit for each class: asked for every message.
    private static int ClassesOf(ScoreOptions options) => options.Class.Aggregate(0, static (bits, one) => bits | (1 << (int)one));

    private static void Count(CountRing ring, in SenderNews news, long step)
    {
        if (news.Kind is not SenderNewsKind.Filtered)
        {
            ring.Add(CountOf(news.Kind), 1, step);
            return;
        }

        ring.Add(SenderCount.Filtered, 1, step);
        ring.Add(SenderCount.Spam, (int)(1_000 * Math.Clamp(news.Spam, 0, 1)), step);
    }

    private static SenderCount CountOf(SenderNewsKind kind) => kind switch
    {
        SenderNewsKind.Delivered => SenderCount.Delivered,
        SenderNewsKind.HardBounced => SenderCount.Hard,
        SenderNewsKind.Complained => SenderCount.Complaints,
        SenderNewsKind.Blocked => SenderCount.Blocked,
        _ => SenderCount.Engaged,
    };

    private static ScoreStage StageOf(ScoreAction action) => action switch
    {
        ScoreAction.Alert => ScoreStage.Low,
        ScoreAction.Isolate => ScoreStage.Isolated,
        ScoreAction.Pause => ScoreStage.Paused,
        _ => ScoreStage.None,
    };

    private ScoreAction? Next(ScoreTrack track, ScoreReport report, DateTimeOffset now)
    {
        var mayGoBack = report.Score >= Math.Min(100, _options.IsolateBelow + Hysteresis) || report.Samples == 0;
        switch (track.Stage)
        {
            case ScoreStage.Isolated when mayGoBack && now - track.Since >= LeastInterval:
                return ScoreAction.Restore;
            case ScoreStage.Low when mayGoBack:
                track.Enter(ScoreStage.None, now);
                return null;
            case ScoreStage.Paused:
                return null;
        }

        if (!report.IsJudged || now < track.HandsOffUntil)
        {
            return null;
        }

        var isAccount = track.Subject.Kind is ScoreKind.Account;
        return isAccount && report.Score < _options.PauseBelow ? ScoreAction.Pause
            : report.Score >= _options.IsolateBelow || track.Stage is ScoreStage.Isolated ? null
            : isAccount && _options.IsolateTo is not null ? ScoreAction.Isolate
            : track.Stage is ScoreStage.None ? ScoreAction.Alert
            : null;
    }

    private ScoreReport Report(ScoreTrack track, DateTimeOffset now)
    {
        track.Counts.MoveTo(_steps.StepOf(now));
        _all.MoveTo(_steps.StepOf(now));
        var components = ScoreScale.Components(track.Counts, _all, _options.Minimum);
        var samples = track.Counts.Answered;
        return new ScoreReport(track.Subject, ScoreScale.ScoreOf(components), samples, samples >= _options.Minimum, components, track.Stage, track.Since);
    }
}
