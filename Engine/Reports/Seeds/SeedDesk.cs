using System.Diagnostics.CodeAnalysis;
using Engine.Mail;

namespace Engine.Reports.Seeds;

/// <summary>Sends probes and finds out where they end. One loop; asked and told from any thread.</summary>
/// <param name="outlets">What it works with.</param>
/// <param name="meter">Measures.</param>
/// <param name="events">Take alerts.</param>
/// <param name="chance">Unguessable: it makes the tokens.</param>
/// <param name="clock">Times everything.</param>
/// <param name="log">Told of faults.</param>
internal sealed class SeedDesk(SeedOutlets outlets, SeedMeter meter, IEvents events, Random chance, TimeProvider clock, ILogger log)
{
    private const string DefaultPool = "default";
    private const ulong Low52 = (1UL << 52) - 1;

    // A wall clock may be set while we sleep.
    private static readonly TimeSpan LongestSleep = TimeSpan.FromHours(1);
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly SeedBoard _board = new(chance);
    private readonly SeedHistory _history = new();
    private TaskCompletionSource _woken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The table.</summary>
    public IReadOnlyList<SeedRow> Rows => Locked(() => _history.Rows(clock.GetUtcNow()));

    public IReadOnlyList<SeedView> Seeds => Locked(() => (IReadOnlyList<SeedView>)[.. _board.Seeds.OrderBy(seed => seed.Plan.Name, StringComparer.Ordinal).Select(ViewOf)]);

    /// <summary>Every result that is kept, the oldest first.</summary>
    public IReadOnlyList<SeedResult> Results => Locked(() => _history.All);

    /// <summary>A configuration comes into force.</summary>
    public void Load(IReadOnlyList<SeedPlan> plans)
    {
        lock (_gate)
        {
            _board.Load(plans, clock.GetUtcNow());
        }

        Wake();
    }

    /// <summary>Sends probes of one seed at once.</summary>
    /// <returns>False when there is no such seed.</returns>
    public bool ProbeNow(string name)
    {
        var isKnown = Locked(() => _board.ProbeNow(name, clock.GetUtcNow()));
        Wake();
        return isKnown;
    }

    public void Save(Stream stream)
    {
        lock (_gate)
        {
            SeedFile.Save(stream, _board, _history);
        }
    }

    /// <exception cref="System.Text.Json.JsonException">It is damaged.</exception>
    public void Restore(Stream stream)
    {
        lock (_gate)
        {
            SeedFile.Load(stream, _board, _history, clock.GetUtcNow());
        }
    }

    /// <summary>Probes until stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var woken = Locked(() => _woken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            var pause = await TurnAsync(stop).ConfigureAwait(false);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stop);
            await Task.WhenAny(Task.Delay(pause, clock, either.Token), woken.Task).ConfigureAwait(false);
            await either.CancelAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Does what is due.</summary>
    /// <returns>When to come again.</returns>
    public async ValueTask<TimeSpan> TurnAsync(CancellationToken stop)
    {
        foreach (var plan in Locked(() => _board.TakeProbes(clock.GetUtcNow())))
        {
            foreach (var pool in plan.Pools)
            {
                await SendAsync(plan, pool, stop).ConfigureAwait(false);
            }
        }

        var visits = Locked(() => _board.DueVisits(clock.GetUtcNow()).Select(Take).ToArray());
        await Task.WhenAll(visits.Select(visit => LookAsync(visit.Plan, visit.Open, visit.CleanBefore, stop))).ConfigureAwait(false);
        var pause = Locked(() => _board.NextAt) - clock.GetUtcNow();
        return pause < TimeSpan.Zero ? TimeSpan.Zero : pause < LongestSleep ? pause : LongestSleep;
    }

    private static string NameOf(string pool) => pool.Length > 0 ? pool : DefaultPool;

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever keeps our own intake from taking one probe must not end the loop: the next one is sent in its turn.")]
    private async Task SendAsync(SeedPlan plan, string pool, CancellationToken stop)
    {
        var octets = new byte[24];
        chance.NextBytes(octets);
        var id = new MessageId(((ulong)outlets.Node << 52) | (BitConverter.ToUInt64(octets, 16) & Low52));
        var probe = new SeedProbe(Convert.ToHexStringLower(octets.AsSpan(0, 16)), pool, id, clock.GetUtcNow());
        var from = outlets.From(plan);
        try
        {
            var content = outlets.Mail().Write(plan, probe, from);
            await outlets.Intake.AcceptAsync(new OwnMessage(id, from, [Mailbox.Parse(plan.Options.Address)], content) { Pool = pool }, stop).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            ReportsLog.ProbeNotSent(log, plan.Name, fault);
            return;
        }

        Locked(() =>
        {
            _board.Sent(plan.Name, probe, clock.GetUtcNow());
            return true;
        });
    }

    // Once a day old probes are removed on the way.
    private (SeedPlan Plan, SeedProbe[] Open, DateTimeOffset? CleanBefore) Take(SeedStanding seed)
    {
        var now = clock.GetUtcNow();
        if (seed.NextCleaning > now)
        {
            return (seed.Plan, [.. seed.Open], null);
        }

        seed.NextCleaning = now.AddDays(1);
        return (seed.Plan, [.. seed.Open], now - seed.Plan.Options.Keep);
    }

    private async Task LookAsync(SeedPlan plan, SeedProbe[] open, DateTimeOffset? cleanBefore, CancellationToken stop)
    {
        var visit = await outlets.VisitAsync(plan, [.. open.Select(probe => probe.Token)], cleanBefore, stop).ConfigureAwait(false);
        var queued = new HashSet<MessageId>();
        foreach (var probe in open.Where(probe => !visit.Found.ContainsKey(probe.Token) && clock.GetUtcNow() - probe.Sent >= plan.Options.MissingAfter))
        {
            if (await outlets.IsQueuedAsync(probe.Id, stop).ConfigureAwait(false))
            {
                queued.Add(probe.Id);
            }
        }

        var outcome = Locked(() => _board.Visited(plan.Name, visit, probe => queued.Contains(probe.Id), clock.GetUtcNow()));
        if (outcome.News is { } news)
        {
            Alert("seed/imap", plan, news);
        }

        foreach (var (probe, sighting) in outcome.Ended)
        {
            var result = ResultOf(plan, probe, sighting);
            meter.Ended(result);
            if (Locked(() => _history.Add(result, clock.GetUtcNow())) is { } drift)
            {
                Alert("seed/drift", plan, drift);
            }
        }
    }

    private SeedResult ResultOf(SeedPlan plan, SeedProbe probe, SeedSighting? sighting)
    {
        if (sighting is null)
        {
            return new SeedResult(plan.Name, plan.Provider, NameOf(probe.Pool), string.Empty, probe.Sent, SeedPlace.Missing, 0, string.Empty);
        }

        // Their clock says it better than our looking, unless it goes wrong.
        var now = clock.GetUtcNow();
        var arrived = sighting.Arrived is { } told && told >= probe.Sent - Skew && told <= now + Skew ? told : now;
        var seconds = Math.Max(0, Math.Round((arrived - probe.Sent).TotalSeconds, 1));
        return new SeedResult(plan.Name, plan.Provider, NameOf(probe.Pool), outlets.SourceIn(SeedHeader.ReceivedIn(sighting.Header)), probe.Sent, sighting.Place, seconds, SeedHeader.VerdictIn(sighting.Header));
    }

    private SeedView ViewOf(SeedStanding seed) => new(
        seed.Plan.Name,
        seed.Plan.Provider,
        seed.Plan.Options.Address,
        seed.Open.Count,
        seed.Failures > 0 ? null : seed.NextProbe,
        seed.Trouble,
        _history.All.LastOrDefault(result => result.Seed == seed.Plan.Name));

    private void Wake() => Locked(() => _woken).TrySetResult();

    private T Locked<T>(Func<T> work)
    {
        lock (_gate)
        {
            return work();
        }
    }

    private void Alert(string rule, SeedPlan plan, string reason) => events.Write(new Event
    {
        Kind = EventKind.Alert,
        Time = clock.GetUtcNow(),
        RecipientIndex = -1,
        Who = "reports",
        Rule = rule,
        Provider = plan.Provider,
        Reason = reason,
    });
}
