namespace Engine.Reports.Seeds;

/// <summary>Decides when which seed gets a probe and when its mailbox is looked into. No I/O, no clock; one caller at a time.</summary>
/// <remarks>
/// A mailbox is looked into 10 s after a probe, then at growing distances, at most five minutes, until everything is found or missing. While it cannot be read no
/// probe is sent and none is missing; it is tried again after 5 min, at most an hour, and after three failures in a row the operator is told. What is unknown after a day is forgotten.
/// </remarks>
internal sealed class SeedBoard(Random chance)
{
    /// <summary>Probes of one seed looked for at once.</summary>
    public const int MaxOpen = 64;

    /// <summary>Failures in a row before the operator is told.</summary>
    public const int Patience = 3;

    private static readonly TimeSpan[] Pauses = [.. new[] { 10, 20, 40, 60, 120, 300 }.Select(seconds => TimeSpan.FromSeconds(seconds))];
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Forgotten = TimeSpan.FromDays(1);
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, SeedStanding> _seeds = new(StringComparer.Ordinal);

    public IReadOnlyCollection<SeedStanding> Seeds => _seeds.Values;

    /// <summary>When something is due next.</summary>
    public DateTimeOffset NextAt => _seeds.Count == 0 ? DateTimeOffset.MaxValue : _seeds.Values.Min(seed => MayProbe(seed) && seed.NextProbe < seed.NextVisit ? seed.NextProbe : seed.NextVisit);

    /// <summary>A configuration comes into force. What is under way goes on.</summary>
    public void Load(IReadOnlyList<SeedPlan> plans, DateTimeOffset now)
    {
        foreach (var gone in _seeds.Keys.Except(plans.Select(plan => plan.Name)).ToArray())
        {
            _seeds.Remove(gone);
        }

        foreach (var plan in plans)
        {
            if (_seeds.TryGetValue(plan.Name, out var known))
            {
                known.Plan = plan;
                known.NextProbe = Earlier(known.NextProbe, now + plan.Options.Every);
                continue;
            }

            _seeds[plan.Name] = new SeedStanding(plan) { NextProbe = now + (chance.NextDouble() * Soon), NextCleaning = now };
        }
    }

    public SeedStanding? Find(string name) => _seeds.GetValueOrDefault(name);

    /// <summary>Takes up what was under way before a restart.</summary>
    public void Restore(string name, DateTimeOffset nextProbe, DateTimeOffset nextCleaning, IReadOnlyList<SeedProbe> open, DateTimeOffset now)
    {
        if (!_seeds.TryGetValue(name, out var seed))
        {
            return;
        }

        seed.Open.AddRange(open.Take(MaxOpen));
        seed.NextProbe = Earlier(nextProbe > now ? nextProbe : seed.NextProbe, now + seed.Plan.Options.Every);
        seed.NextCleaning = nextCleaning;
        seed.NextVisit = seed.Open.Count > 0 ? now : DateTimeOffset.MaxValue;
    }

    /// <summary>A probe by every pool at the next turn, whatever the plan says.</summary>
    public bool ProbeNow(string name, DateTimeOffset now)
    {
        if (!_seeds.TryGetValue(name, out var seed))
        {
            return false;
        }

        seed.NextProbe = now;
        if (seed.Failures > 0)
        {
            seed.NextVisit = now;
        }

        return true;
    }

    /// <summary>Seeds that are to get a probe by each of their pools now; the next ones are planned.</summary>
    public IReadOnlyList<SeedPlan> TakeProbes(DateTimeOffset now)
    {
        var due = _seeds.Values.Where(seed => seed.NextProbe <= now && MayProbe(seed)).ToArray();
        foreach (var seed in due)
        {
            seed.NextProbe = now + (seed.Plan.Options.Every * (0.9 + (0.2 * chance.NextDouble())));
        }

        return [.. due.Select(seed => seed.Plan)];
    }

    /// <summary>A probe is on its way.</summary>
    public void Sent(string name, SeedProbe probe, DateTimeOffset now)
    {
        if (!_seeds.TryGetValue(name, out var seed))
        {
            return;
        }

        seed.Open.Add(probe);
        seed.Visits = 0;
        seed.NextVisit = Earlier(seed.NextVisit, now + Pauses[0]);
    }

    /// <summary>Seeds whose mailbox is to be looked into now.</summary>
    public IReadOnlyList<SeedStanding> DueVisits(DateTimeOffset now) => [.. _seeds.Values.Where(seed => seed.NextVisit <= now)];

    /// <summary>Takes what a visit brought.</summary>
    /// <param name="name">The seed.</param>
    /// <param name="visit">What was found.</param>
    /// <param name="isQueued">Whether a probe is still in our own queue: then it is not missing.</param>
    /// <param name="now">The time.</param>
    public SeedOutcome Visited(string name, SeedVisit visit, Func<SeedProbe, bool> isQueued, DateTimeOffset now)
    {
        if (!_seeds.TryGetValue(name, out var seed))
        {
            return new SeedOutcome([], null);
        }

        var ended = seed.Open.Where(probe => visit.Found.ContainsKey(probe.Token)).Select(probe => (probe, (SeedSighting?)visit.Found[probe.Token])).ToList();
        if (visit.Trouble.Length == 0)
        {
            ended.AddRange(seed.Open.Where(probe => !visit.Found.ContainsKey(probe.Token) && now - probe.Sent >= seed.Plan.Options.MissingAfter && !isQueued(probe)).Select(probe => (probe, default(SeedSighting))));
        }

        seed.Open.RemoveAll(probe => now - probe.Sent >= Forgotten || ended.Exists(one => one.Item1 == probe));
        var news = Judge(seed, visit.Trouble);
        seed.NextVisit = NextVisit(seed, now);
        seed.Visits++;
        return new SeedOutcome(ended, news);
    }

    private static bool MayProbe(SeedStanding seed) => seed.Failures == 0 && seed.Open.Count + seed.Plan.Pools.Count <= MaxOpen;

    private static DateTimeOffset NextVisit(SeedStanding seed, DateTimeOffset now)
    {
        if (seed.Failures > 0)
        {
            return now + Shorter(AfterFailure * seed.Failures, TimeSpan.FromHours(1));
        }

        if (seed.Open.Count == 0)
        {
            return DateTimeOffset.MaxValue;
        }

        // At the deadline exactly, so that nothing is missing later than it must be.
        var pause = now + Pauses[Math.Min(seed.Visits + 1, Pauses.Length - 1)];
        var deadlines = seed.Open.Select(probe => probe.Sent + seed.Plan.Options.MissingAfter).Where(deadline => deadline > now).ToArray();
        return deadlines.Length > 0 ? Earlier(pause, deadlines.Min()) : pause;
    }

    private static string? Judge(SeedStanding seed, string trouble)
    {
        seed.Trouble = trouble;
        if (trouble.Length == 0)
        {
            var wasTold = seed.IsTold;
            (seed.Failures, seed.IsTold) = (0, false);
            return wasTold ? $"the mailbox of seed {seed.Plan.Name} can be read again" : null;
        }

        seed.Failures++;
        if (seed.IsTold || seed.Failures < Patience)
        {
            return null;
        }

        seed.IsTold = true;
        return $"the mailbox of seed {seed.Plan.Name} cannot be read, so no probes are sent to it: {trouble}";
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
