using System.Collections.Concurrent;
using Engine.Configuration;

namespace Engine.Reputation.Warmup;

/// <summary>
/// Where everything that warms up stands, at every operator, and what it may send now. Days are earned: a step is taken at the local
/// day's turn when enough was sent and little of it was refused (<see cref="WarmupTrack"/> has the table). The clock is in the arguments.
/// </summary>
/// <remarks>
/// Thread-safe. Observing and asking allocate nothing, but where something is sent for the first time, at a day's turn and when a bound is
/// passed. Memory: about 250 octets for each pair of source and operator that has left its first step or was used within the last two days
/// (and for every pair ever used where a plan is begun late); all others are forgotten at the day's turn: what is known of them is as good as nothing.
/// </remarks>
/// <param name="subject">Sources or sender domains.</param>
/// <param name="setup">From the configuration.</param>
internal sealed class WarmupBook(WarmupSubject subject, WarmupSetup setup)
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);
    private static readonly TimeSpan KeptWithoutPlan = TimeSpan.FromDays(30);

    private readonly ConcurrentDictionary<WarmupKey, WarmupTrack> _tracks = new();
    private readonly ConcurrentQueue<WarmupChange> _changes = new();
    private WarmupSetup _setup = setup;
    private WarmupOrders _orders = WarmupOrders.None;
    private int _turnedTo;

    public WarmupSubject Subject => subject;

    /// <summary>What each source delivered in the last weeks; also those without a plan. Empty in a book of sender domains.</summary>
    public SendingVolume Volume { get; } = new();

    /// <summary>Until when a restored state knows: events after it are to be observed again. <see cref="DateTimeOffset.MinValue"/> when nothing was restored.</summary>
    public DateTimeOffset KnownUntil { get; private set; }

    /// <summary>A reload: steps and counts stay.</summary>
    public void Load(WarmupSetup setup)
    {
        Volatile.Write(ref _setup, setup);
        foreach (var track in _tracks.Values)
        {
            lock (track)
            {
                Follow(track, setup);
            }
        }
    }

    /// <summary>Takes the overrides in force; at start and whenever they change. An order is carried out once, also over a restart.</summary>
    public void Apply(IEnumerable<Override> overrides, DateTimeOffset now)
    {
        var orders = WarmupOrders.Of(overrides);
        Volatile.Write(ref _orders, orders);
        foreach (var track in _tracks.Values)
        {
            if (orders.Find(track.Key) is { } order)
            {
                lock (track)
                {
                    track.Order(order.Step, order.Given, now);
                }
            }
        }
    }

    /// <summary>Counts one recipient's attempt, at its own time: the event log read in order from <see cref="KnownUntil"/> rebuilds what is lost.</summary>
    public void Observe(in Observation observation)
    {
        var name = subject is WarmupSubject.Source ? observation.Source : observation.SenderDomain;
        if (observation.Kind is ObservationKind.Delivered && subject is WarmupSubject.Source)
        {
            Volume.Count(name, _setup.Days.At(observation.At).Number);
        }

        var tally = WarmupTally.Of(observation);
        if (tally.Used > 0)
        {
            Count(new WarmupKey(name, observation.Operator), tally, 0, observation.At);
        }
    }

    /// <summary>Counts a complaint that came in, whenever its message was sent.</summary>
    public void Complain(string name, string at, DateTimeOffset now) => Count(new WarmupKey(name, at), default, 1, now);

    /// <summary>Counts a recipient of which no more is known than that it was delivered: to rebuild a day from settlements.</summary>
    public void Count(string name, string of, DateTimeOffset at)
    {
        if (subject is WarmupSubject.Source)
        {
            Volume.Count(name, _setup.Days.At(at).Number);
        }

        Count(new WarmupKey(name, of), new WarmupTally(1, 0, 0), 0, at);
    }

    /// <summary>What may be sent now.</summary>
    public WarmupAllowance Of(string name, string of, DateTimeOffset now)
    {
        var setup = Volatile.Read(ref _setup);
        if (setup.Find(name) is not { } assignment)
        {
            return WarmupAllowance.Warm;
        }

        var key = new WarmupKey(name, of);
        var today = setup.Days.At(now);
        if (!_tracks.TryGetValue(key, out var track))
        {
            var (step, cap) = (StartOf(key, assignment), setup.HourlyCaps.GetValueOrDefault(of));
            var pace = step < assignment.Plan.Steps.Length
                ? WarmupPace.Of(WarmupTrack.AllowanceOf(assignment.Plan, step, cap), assignment.Plan.Options.Hourly, WarmupTrack.CapOf(assignment.Plan, step, cap))
                : default;
            return Make(assignment.Plan, step, WarmupTrack.AllowanceOf(assignment.Plan, step, cap), 0, pace, today.End);
        }

        lock (track)
        {
            track.Turn(today, _orders.Held.Contains(name));
            return Make(track.Plan, track.Step, track.DayAllowance, track.Counts.Used, track.IsWarm ? default : track.Pace(), today.End);
        }
    }

    /// <summary>Whether it is limited there: engaged recipients go first.</summary>
    public bool IsWarming(string name, string of)
    {
        if (Volatile.Read(ref _setup).Find(name) is not { } assignment)
        {
            return false;
        }

        var key = new WarmupKey(name, of);
        return _tracks.TryGetValue(key, out var track) ? !track.IsWarm : StartOf(key, assignment) < assignment.Plan.Steps.Length;
    }

    /// <summary>Turns the days that have ended, forgets what is as if unknown, and hands over what has changed since the last call.</summary>
    /// <returns>When it is to be called next: at the day's end. Also to be called soon after counting, for changes within a day; each 10 s will do.</returns>
    public DateTimeOffset Tick(DateTimeOffset now, ICollection<WarmupChange> changes)
    {
        var setup = Volatile.Read(ref _setup);
        var today = setup.Days.At(now);
        if (_turnedTo != today.Number)
        {
            _turnedTo = today.Number;
            foreach (var track in _tracks.Values)
            {
                Turn(setup, track, today);
            }
        }

        while (_changes.TryDequeue(out var change))
        {
            changes.Add(change);
        }

        return today.End;
    }

    /// <summary>Puts a pair at a step, from 0; beyond the last: warm. For machines; an operator's order is an override, see <see cref="Apply"/>.</summary>
    public void SetStep(string name, string of, int step, DateTimeOffset now)
    {
        if (Find(new WarmupKey(name, of), now) is { } track)
        {
            lock (track)
            {
                track.Order(step, now, now);
            }
        }
    }

    /// <summary>No step is taken until <see cref="Resume"/>, or until overrides are applied that do not say so.</summary>
    public void Hold(string name) => Volatile.Write(ref _orders, _orders.WithHeld(name, isHeld: true));

    public void Resume(string name) => Volatile.Write(ref _orders, _orders.WithHeld(name, isHeld: false));

    /// <summary>Where everything stands that has a state, by name and operator; of one name only when it is given.</summary>
    public IReadOnlyList<WarmupStanding> Standings(DateTimeOffset now, string? name = null)
    {
        var (setup, held) = (Volatile.Read(ref _setup), Volatile.Read(ref _orders).Held);
        var today = setup.Days.At(now);
        var standings = new List<WarmupStanding>();
        foreach (var track in _tracks.Values.Where(track => name is null || track.Key.Name == name))
        {
            lock (track)
            {
                if (setup.Find(track.Key.Name) is not null)
                {
                    track.Turn(today, held.Contains(track.Key.Name));
                    standings.Add(WarmupStanding.Of(track, today, held.Contains(track.Key.Name)));
                }
            }
        }

        return [.. standings.OrderBy(standing => standing.Name, StringComparer.Ordinal).ThenBy(standing => standing.Operator, StringComparer.Ordinal)];
    }

    /// <summary>Why an address of its own makes no sense for a source; null when it does, or when it is too early to say.</summary>
    public string? Advice(string source, DateTimeOffset now) => Volume.Advice(source, Volatile.Read(ref _setup).Days.At(now).Number);

    /// <summary>Every state, for the file; each is copied under its lock.</summary>
    public IEnumerable<WarmupRecord> Records()
    {
        foreach (var track in _tracks.Values)
        {
            lock (track)
            {
                yield return WarmupRecord.Of(track);
            }
        }
    }

    /// <summary>Takes what was saved; before anything else is called.</summary>
    /// <param name="records">Of the file. What has no plan any more is passed over.</param>
    /// <param name="savedAt">When it was saved.</param>
    /// <param name="now">A state from the future counts as of today, with all that was used.</param>
    public void Restore(IEnumerable<WarmupRecord> records, DateTimeOffset savedAt, DateTimeOffset now)
    {
        KnownUntil = savedAt < now ? savedAt : now;
        var today = _setup.Days.At(now);
        foreach (var record in records)
        {
            var key = new WarmupKey(record.Name, record.Operator);
            if (_setup.Find(record.Name) is { } assignment)
            {
                var track = record.ToTrack(assignment.Plan, today.Number, subject, _changes);
                track.HourlyCap = _setup.HourlyCaps.GetValueOrDefault(record.Operator);
                _tracks[key] = track;
            }
        }
    }

    private static WarmupAllowance Make(WarmupPlan plan, int step, long allowance, long used, WarmupPace pace, DateTimeOffset end) => step >= plan.Steps.Length
        ? WarmupAllowance.Warm with { Step = step, UsedToday = used }
        : new WarmupAllowance(false, step, allowance, used, pace.RatePerSecond, pace.Burst, plan.Options.Overflow, end);

    private static void Follow(WarmupTrack track, WarmupSetup setup)
    {
        if (setup.Find(track.Key.Name) is { } assignment)
        {
            track.Follow(assignment.Plan);
            track.HourlyCap = setup.HourlyCaps.GetValueOrDefault(track.Key.Operator);
        }
    }

    private int StartOf(WarmupKey key, WarmupAssignment assignment) =>
        Volatile.Read(ref _orders).Find(key) is { } order ? Math.Min(order.Step, assignment.Plan.Steps.Length) : assignment.Start;

    private void Count(WarmupKey key, WarmupTally tally, int complaints, DateTimeOffset at)
    {
        while (Find(key, at) is { } track)
        {
            lock (track)
            {
                if (track.IsGone)
                {
                    continue;
                }

                track.Turn(_setup.Days.At(at), _orders.Held.Contains(key.Name));
                track.Count(tally.Used, tally.Deferred, tally.Hard, complaints, at);
                return;
            }
        }
    }

    private WarmupTrack? Find(WarmupKey key, DateTimeOffset at)
    {
        if (_tracks.TryGetValue(key, out var track))
        {
            return track;
        }

        var setup = Volatile.Read(ref _setup);
        if (setup.Find(key.Name) is not { } assignment)
        {
            return null;
        }

        return _tracks.GetOrAdd(key, new WarmupTrack(key, subject, _changes)
        {
            Plan = assignment.Plan,
            HourlyCap = setup.HourlyCaps.GetValueOrDefault(key.Operator),
            Step = StartOf(key, assignment),
            Day = setup.Days.At(at).Number,
            LastUse = at,
            OrderedAt = _orders.Find(key)?.Given ?? default,
        });
    }

    private void Turn(WarmupSetup setup, WarmupTrack track, LocalDay today)
    {
        lock (track)
        {
            if (setup.Find(track.Key.Name) is not { } assignment)
            {
                track.IsGone = today.Start - track.LastUse > KeptWithoutPlan;
            }
            else
            {
                // The clock was set back, or a state came from the future: it would stand still until then.
                track.Day = Math.Min(track.Day, today.Number);
                track.Turn(today, _orders.Held.Contains(track.Key.Name));
                track.IsGone = track.Step == 0 && StartOf(track.Key, assignment) == 0 && track.Counts is { Used: 0, Complaints: 0 } && track.LastUse < today.Start - Kept;
            }

            if (track.IsGone)
            {
                _tracks.TryRemove(track.Key, out _);
            }
        }
    }
}
