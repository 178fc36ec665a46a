using Engine.Configuration;
using Engine.Mail;

namespace Engine.Limits;

/// <summary>
/// Everything that binds, for one key: a rate, connections at once, new connections per time, messages per connection, a volume per day, a
/// pause. Those of the configuration live as long as their definition, over reloads too; dynamic ones are steered by control and
/// warm-up. Thread-safe; what loosens it wakes who waits.
/// </summary>
internal sealed class Limit
{
    private readonly LimitTree _tree;
    private TokenBucket? _bucket;
    private TokenBucket? _connectBucket;
    private VolumeWindow? _day;
    private long _pausedUntil;
    private long _usedAt;
    private LimitReason _reason;

    /// <param name="tree">Where it stands.</param>
    /// <param name="name">Of its definition, or of who steers it.</param>
    /// <param name="key">Values of its <c>per</c>.</param>
    /// <param name="options">What was written; of a dynamic one only <c>per</c>.</param>
    /// <param name="isDynamic">Steered at run time.</param>
    public Limit(LimitTree tree, string name, string key, LimitOptions options, bool isDynamic)
    {
        (_tree, Name, Key, Options, IsDynamic) = (tree, name, key, options, isDynamic);
        (Line, ConnectLine) = (new WaitLine(this), new WaitLine(this, isOfConnects: true));
        _usedAt = tree.Timestamp;
        Connections = isDynamic || options.Connections is not null ? new ConnectionCounter(options.Connections ?? int.MaxValue) : null;
        MessagesPerConnection = options.MessagesPerConnection ?? int.MaxValue;
        _bucket = options.Rate is { } rate ? Make(rate, isOfConnects: false, startsFull: true) : null;
        _connectBucket = options.ConnectionRate is { } connects ? Make(connects, isOfConnects: true, startsFull: true) : null;
        _day = options.PerDay is { } volume ? Make(volume, TimeSpan.FromDays(1), tree.Calendar, carries: false) : null;
        _reason = new LimitReason(isDynamic ? string.Empty : "configuration", tree.Now);
        foreach (var dimension in options.Match.Keys.Concat(options.Per))
        {
            IsClassOwn |= dimension is LimitDimension.Class or LimitDimension.Stream;
            IsPoolOwn |= dimension is LimitDimension.Pool or LimitDimension.Source;
        }
    }

    /// <summary>Key in <c>limits</c>, or the name of who steers it.</summary>
    public string Name { get; }

    /// <summary>Values of its <c>per</c>, joined by <c>/</c>.</summary>
    public string Key { get; }

    public LimitOptions Options { get; private set; }

    public bool IsDynamic { get; }

    public long Frequency => _tree.Frequency;

    /// <summary>Tokens of recipients; null when there is no rate.</summary>
    public TokenBucket? Bucket => Volatile.Read(ref _bucket);

    /// <summary>Tokens of new connections; null when there is no rate of them.</summary>
    public TokenBucket? ConnectBucket => Volatile.Read(ref _connectBucket);

    /// <summary>Recipients of the day; null when the day has no bound.</summary>
    public VolumeWindow? Day => Volatile.Read(ref _day);

    /// <summary>Null when no connections are counted. A dynamic limit always counts: a maximum that comes later finds what is open.</summary>
    public ConnectionCounter? Connections { get; private set; }

    /// <summary><see cref="int.MaxValue"/> when it does not say.</summary>
    public int MessagesPerConnection { get; private set; }

    /// <summary>Nothing is granted before this timestamp.</summary>
    public long PausedUntil => Volatile.Read(ref _pausedUntil);

    public LimitReason Reason => Volatile.Read(ref _reason);

    /// <summary>Who waits for recipients' tokens, or for the end of the pause.</summary>
    public WaitLine Line { get; }

    /// <summary>Who waits to open a connection.</summary>
    public WaitLine ConnectLine { get; }

    /// <summary>True when only one class counts in it: then nothing is reserved.</summary>
    public bool IsClassOwn { get; }

    /// <summary>True when it counts one pool or one source alone: only the classes of that pool share it.</summary>
    public bool IsPoolOwn { get; }

    /// <summary>Whether this class must leave a reserve: marketing, where transactional mail counts in the same limit.</summary>
    public bool HoldsBack(StreamClass streamClass, bool isSharedPool) =>
        streamClass is StreamClass.Marketing && !IsClassOwn && (isSharedPool || !IsPoolOwn);

    /// <summary>Whether it says nothing about anything now. What is counted as open does not matter to it.</summary>
    public bool BindsNothing(long now) =>
        PausedUntil <= now && Bucket is null && ConnectBucket is null && Day is null && MessagesPerConnection is int.MaxValue && Connections is not { Maximum: < int.MaxValue };

    /// <summary>Whether one made anew would be the same: buckets full, nothing counted, no pause.</summary>
    public bool IsAsNew(long now) =>
        PausedUntil <= now && IsFull(Bucket, now) && IsFull(ConnectBucket, now) && (Day is not { } day || day.UsedAt(now) == 0);

    /// <summary>Whether nobody stands in its lines or has been woken from them.</summary>
    public bool IsUnwaited => Line.Count + ConnectLine.Count + Line.Turns + ConnectLine.Turns + (Connections?.Waiting ?? 0) == 0;

    /// <summary>Whether nobody waits, nothing is open, and it was not asked for during <see cref="LimitTree.KeptIdle"/>.</summary>
    public bool IsIdle(long now) =>
        now - Volatile.Read(ref _usedAt) >= (long)(LimitTree.KeptIdle.TotalSeconds * Frequency) && IsUnwaited && Connections is not { Open: > 0 };

    /// <summary>It is in use. Exact to a second: a busy limit is seldom written to.</summary>
    public void Touch(long now)
    {
        if (now - Volatile.Read(ref _usedAt) > Frequency)
        {
            Volatile.Write(ref _usedAt, now);
        }
    }

    public static int ReserveOf(TokenBucket bucket) => Reserve.Of(bucket.Rate.Burst);

    /// <summary>Takes a recipient's token.</summary>
    /// <param name="now">The time.</param>
    /// <param name="streamClass">Of the recipient.</param>
    /// <param name="holdsBack">Leaves the reserve.</param>
    /// <param name="hasTurn">It waited in line and was woken: it need not stand behind those who wait.</param>
    public bool TryTake(long now, StreamClass streamClass, bool holdsBack, bool hasTurn)
    {
        Touch(now);
        if (PausedUntil > now || (!hasTurn && Line.MustWait(streamClass)))
        {
            return false;
        }

        var day = Day;
        if (day is not null && !day.TryTake(now, 1, out _))
        {
            return false;
        }

        if (Bucket is not { } bucket || TryTake(bucket, Line, now, holdsBack, hasTurn))
        {
            return true;
        }

        day?.Refund(1);
        return false;
    }

    /// <summary>Takes a token for a new connection.</summary>
    public bool TryConnect(long now, StreamClass streamClass, bool holdsBack, bool hasTurn)
    {
        Touch(now);
        return PausedUntil <= now
            && (ConnectBucket is not { } bucket
                || ((hasTurn || !ConnectLine.MustWait(streamClass)) && TryTake(bucket, ConnectLine, now, holdsBack, hasTurn)));
    }

    /// <summary>Gives a recipient's token back.</summary>
    public void Refund()
    {
        Bucket?.Refund();
        Day?.Refund(1);
    }

    /// <summary>When pause and day let anything through; now when neither is in the way.</summary>
    public long OpensAt(long now) => Math.Max(Math.Max(now, PausedUntil), Day?.OpensAt(now) ?? now);

    /// <summary>Sets the rate of a dynamic limit. A bucket that is there keeps what is in it; a new one starts with one token.</summary>
    /// <param name="rate">Null takes the rate away.</param>
    /// <param name="rule">Why, for <c>why</c>.</param>
    /// <param name="startsFull">A new bucket starts with its burst, unless a restart says otherwise.</param>
    public void SetRate(Rate? rate, string rule = "", bool startsFull = false)
    {
        var now = _tree.Timestamp;
        if (rate is not { } wanted)
        {
            Volatile.Write(ref _bucket, null);
        }
        else if (Bucket is { } bucket)
        {
            bucket.Change(wanted, now);
        }
        else
        {
            // Two who set it at once make one bucket: what was saved is taken up once.
            lock (_tree.Making)
            {
                Volatile.Write(ref _bucket, Bucket ?? Make(wanted, isOfConnects: false, startsFull));
            }
        }

        Tell(rule);
    }

    /// <param name="connections">At least 1; null for no maximum. Those above it end at their next message boundary.</param>
    /// <param name="rule">Why, for <c>why</c>.</param>
    public void SetConnections(int? connections, string rule = "")
    {
        Connections ??= new ConnectionCounter(int.MaxValue);
        Connections.Maximum = connections ?? int.MaxValue;
        Tell(rule);
    }

    public void SetMessagesPerConnection(int? messages, string rule = "")
    {
        MessagesPerConnection = messages ?? int.MaxValue;
        Tell(rule);
    }

    /// <summary>Grants nothing before then.</summary>
    /// <param name="timestamp">Of the tree's clock.</param>
    /// <param name="rule">Why, for <c>why</c>.</param>
    public void PauseUntil(long timestamp, string rule)
    {
        Volatile.Write(ref _pausedUntil, timestamp);
        Tell(rule);
    }

    public void Resume(string rule = "") => PauseUntil(0, rule);

    /// <summary>Takes changed figures of the same definition. What is in buckets, open or counted stays.</summary>
    public void Load(LimitOptions options)
    {
        var now = _tree.Timestamp;
        Options = options;
        _bucket = Changed(_bucket, options.Rate, isOfConnects: false, now);
        _connectBucket = Changed(_connectBucket, options.ConnectionRate, isOfConnects: true, now);
        MessagesPerConnection = options.MessagesPerConnection ?? int.MaxValue;
        if (Connections is null && options.Connections is not null)
        {
            Connections = new ConnectionCounter(int.MaxValue);
        }

        if (Connections is { } counter)
        {
            counter.Maximum = options.Connections ?? int.MaxValue;
        }

        SetVolume(options.PerDay, TimeSpan.FromDays(1), _tree.Calendar);
        Tell("configuration");
    }

    /// <summary>Sets the volume of a window of the calendar. What is counted stays while the span is the same.</summary>
    /// <param name="maximum">Null takes the window away.</param>
    /// <param name="span">Its length.</param>
    /// <param name="calendar">Where its days begin.</param>
    /// <param name="carries">What is over counts in the next ones.</param>
    public void SetVolume(long? maximum, TimeSpan span, Calendar calendar, bool carries = false)
    {
        lock (_tree.Making)
        {
            Volatile.Write(ref _day, maximum is not { } wanted ? null : Day is { } day && day.Span == span && day.Carries == carries ? day.With(wanted, calendar) : Make(wanted, span, calendar, carries));
        }
    }

    private static bool IsFull(TokenBucket? bucket, long now) => bucket is null || !(bucket.Level(now) < bucket.Rate.Burst);

    private static bool TryTake(TokenBucket bucket, WaitLine line, long now, bool holdsBack, bool hasTurn)
    {
        var reserve = holdsBack ? ReserveOf(bucket) : 0;
        var promised = hasTurn ? 0 : line.Turns;
        return (promised == 0 || bucket.ReadyAt(promised + 1, reserve) <= now) && bucket.TryTake(now, reserve, out _);
    }

    private TokenBucket? Changed(TokenBucket? bucket, Rate? rate, bool isOfConnects, long now)
    {
        if (rate is not { } wanted)
        {
            return null;
        }

        bucket?.Change(wanted, now);
        return bucket ?? Make(wanted, isOfConnects, startsFull: true);
    }

    private TokenBucket Make(Rate rate, bool isOfConnects, bool startsFull)
    {
        var bucket = new TokenBucket(rate, Frequency);
        var level = _tree.Saved is { } saved ? saved.TakeTokens(Name, Key, isOfConnects, rate, _tree.Now, startsFull) : startsFull ? null : 1;
        if (level is { } start)
        {
            bucket.SetLevel(start, _tree.Timestamp);
        }

        return bucket;
    }

    private VolumeWindow Make(long maximum, TimeSpan span, Calendar calendar, bool carries)
    {
        var window = new VolumeWindow(maximum, span, calendar, carries);
        if (_tree.Saved?.TakeUsed(Name, Key) is { } saved)
        {
            window.Restore(saved.Used, saved.Start);
        }

        return window;
    }

    private void Tell(string rule)
    {
        if (rule.Length > 0 && rule != Reason.Rule)
        {
            Volatile.Write(ref _reason, new LimitReason(rule, _tree.Now));
        }

        _tree.Changed(this);
    }
}
