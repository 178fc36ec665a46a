using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Engine.Configuration;
using Engine.Dns;
using Engine.Mail;
using Engine.Routing;

namespace Engine.Delivery.Sts;

/// <summary>
/// Knows which MTA-STS policy a domain has. RFC 8461. A domain that was asked for lately costs one look-up and no allocation; the first one waits for its TXT
/// record, and for the policy where there is one, but never longer than <see cref="Patience"/>. Thread-safe.
/// </summary>
/// <remarks>
/// A domain has one flight at a time, whoever asks: TXT record, then, if the record's id is news, the policy. What a flight ends in is kept as a verdict until the
/// record's TTL is over, and after a fetch that failed for <see cref="BackOff"/>. A policy that holds is never given up for what cannot be had: record gone, resolver
/// silent, web server broken (RFC 8461 §5.1). Verdicts are bounded by <c>dns.cache</c> and keep no policy alive, policies are by <see cref="StsPolicies"/>, flights that fetch by <see cref="StsPlaces"/>.
/// </remarks>
internal sealed class StsDesk : ITlsRequirements, IAsyncDisposable
{
    /// <summary>How long mail waits for an answer. Longer, and a stranger's slow server would hold our mail; without one it goes as to a domain without a policy, and the fetch goes on.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Least time between two fetches of a domain, whether the first failed (RFC 8461 §3.3) or brought a policy and the record shows another id already.</summary>
    public static readonly TimeSpan BackOff = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RefreshEvery = TimeSpan.FromDays(1);
    private static readonly TimeSpan RefreshLeast = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<DomainName, Lazy<Task<StsVerdict>>> _flights = new();
    private readonly ConcurrentQueue<StsEntry> _replaced = [];

    // Of domains without an enforced policy; who finds too many waiting has no policy for now.
    private readonly StsPlaces _places = new(32, 4, 10_000, 500);

    // Of enforced policies that hold: no flood of new domains may let them lapse.
    private readonly StsPlaces _kept = new(8, 2, 1_000, 100);
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationToken _closed;
    private readonly CurrentSnapshot _current;
    private readonly Func<DomainName, CancellationToken, Task<DnsAnswer>> _ask;
    private readonly IStsFetch _fetch;
    private readonly StsPolicies _policies;
    private readonly StsMeter _meter;
    private readonly TimeProvider _clock;
    private readonly Random _chance;
    private readonly ILogger _log;
    private AnswerCache _verdicts;

    /// <param name="current">Says whether to look at all.</param>
    /// <param name="ask">The TXT records of a name, past every cache.</param>
    /// <param name="fetch">Fetches policies.</param>
    /// <param name="policies">Those that we have.</param>
    /// <param name="clock">Time of everything.</param>
    /// <param name="chance">Spreads refreshes; used under a lock.</param>
    /// <param name="log">Told of fetches that fail.</param>
    public StsDesk(CurrentSnapshot current, Func<DomainName, CancellationToken, Task<DnsAnswer>> ask, IStsFetch fetch, StsPolicies policies, TimeProvider clock, Random chance, ILogger log)
    {
        (_current, _ask, _fetch, _policies, _clock, _chance, _log) = (current, ask, fetch, policies, clock, chance, log);
        _closed = _closing.Token;
        _meter = new StsMeter(policies);
        _verdicts = NewVerdicts();
    }

    /// <summary>Told of fetches that fail, for TLS reports; null tells nobody.</summary>
    public ITlsResults? Results { get; init; }

    /// <summary>For alerts; null raises none.</summary>
    public IEvents? Events { get; init; }

    /// <summary>Policies that asked for something were replaced by ones that ask for something else, or nothing: those are in force already. Set once, before mail goes.</summary>
    public Action<IReadOnlyList<StsEntry>>? Replaced { get; set; }

    /// <summary>Domains asked for or fetched now.</summary>
    public int Flights => _flights.Count;

    public ValueTask<TlsRequirement> FindAsync(DomainName domain, MxAnswer answer, CancellationToken stop)
    {
        var tls = _current.Value.Options.Delivery.Tls;
        var isAuthentic = tls.Dane && answer.IsAuthentic;
        if (!tls.MtaSts)
        {
            return new ValueTask<TlsRequirement>(StsVerdict.Without(isAuthentic));
        }

        return Volatile.Read(ref _verdicts).Find(KeyOf(domain)) is StsVerdict verdict && verdict.Find(isAuthentic) is { } requirement
            ? new ValueTask<TlsRequirement>(requirement)
            : AskAsync(domain, isAuthentic, stop);
    }

    /// <summary>The policy that we have of a domain, for operators; it may have ended.</summary>
    public StsEntry? Look(DomainName domain) => _policies.Peek(domain);

    /// <summary>Other resolvers may see another world: every domain's record is asked for again. Policies stay.</summary>
    public void Forget() => Volatile.Write(ref _verdicts, NewVerdicts());

    /// <summary>Takes in policies of before a restart; their refreshes are spread over the next hour.</summary>
    public void Restore(IReadOnlyList<StsEntry> entries)
    {
        var now = _clock.GetUtcNow();
        foreach (var entry in entries)
        {
            var (soonest, wanted) = (now + (RefreshLeast * NextChance()), RefreshTimeOf(entry));
            _policies.Put(entry with { RefreshAt = wanted > soonest ? wanted : soonest }, now);
        }
    }

    /// <summary>Fetches a policy again although it holds. Ends when that is done; throws nothing but that this is closed.</summary>
    public Task RefreshAsync(StsEntry entry) => FlightOf(entry.Domain, isRefresh: true);

    /// <summary>Tells <see cref="Replaced"/> of all since the last time, at once: what it does costs what waits, not how many changed. One caller at a time.</summary>
    public void TellReplaced()
    {
        if (_replaced.IsEmpty)
        {
            return;
        }

        var told = new List<StsEntry>();
        while (_replaced.TryDequeue(out var old))
        {
            told.Add(old);
        }

        Replaced?.Invoke(told);
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        Task landed = Task.WhenAll(_flights.Values.Select(static flight => flight.Value));
        await landed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _meter.Dispose();
        _closing.Dispose();
    }

    private static CacheKey KeyOf(DomainName domain) => CacheKey.Records(domain, RecordType.Txt);

    private AnswerCache NewVerdicts() => new(_current.Value.Options.Dns.Cache, _clock);

    private async ValueTask<TlsRequirement> AskAsync(DomainName domain, bool isAuthentic, CancellationToken stop)
    {
        var flight = FlightOf(domain, isRefresh: false);
        if (flight.IsCompletedSuccessfully)
        {
            return (await flight.ConfigureAwait(false)).Requirement(isAuthentic);
        }

        if (_policies.Find(domain, _clock.GetUtcNow()) is { } holds)
        {
            return holds.Requirement(isAuthentic);
        }

        await ((Task)flight).WaitAsync(Patience, _clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.ThrowIfCancellationRequested();
        return flight.IsCompletedSuccessfully ? (await flight.ConfigureAwait(false)).Requirement(isAuthentic) : StsVerdict.Without(isAuthentic);
    }

    private Task<StsVerdict> FlightOf(DomainName domain, bool isRefresh) =>
        _flights.GetOrAdd(domain, static (key, self) => new Lazy<Task<StsVerdict>>(() => self.Desk.FlyAsync(key, self.IsRefresh)), (Desk: this, IsRefresh: isRefresh)).Value;

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Top of a task of its own: whatever went wrong with one domain's policy, its mail goes on as far as is known, and the log says so.")]
    private async Task<StsVerdict> FlyAsync(DomainName domain, bool isRefresh)
    {
        try
        {
            return await JudgeAsync(domain, isRefresh).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            if (fault is not OperationCanceledException)
            {
                StsLog.Failed(_log, domain, fault);
            }

            var now = _clock.GetUtcNow();
            return Keep(domain, _policies.Find(domain, now), now + Soon);
        }
        finally
        {
            _flights.TryRemove(domain, out _);
        }
    }

    private async Task<StsVerdict> JudgeAsync(DomainName domain, bool isRefresh)
    {
        if (!DomainName.TryParse($"_mta-sts.{domain}", out var name))
        {
            return Keep(domain, null, _clock.GetUtcNow() + RefreshEvery);
        }

        var asked = await _ask(name, _closed).ConfigureAwait(false);
        var now = _clock.GetUtcNow();
        var known = isRefresh ? _policies.Peek(domain) : _policies.Find(domain, now);
        if (StsRecord.Find(asked.Records) is not { } record)
        {
            // Gone or not to be had: what holds, holds to its end, but is not fetched beyond it. RFC 8461 §5.1.
            PutOff(known, isRefresh);
            return Keep(domain, known, asked.Status is LookupStatus.Failed ? now + Soon : asked.Expires);
        }

        if (known is not null && !isRefresh && (known.Id == record.Id || (now - known.Fetched).Duration() < BackOff))
        {
            return Keep(domain, known, known.Id == record.Id ? asked.Expires : known.Fetched + BackOff);
        }

        return await RenewAsync(domain, record, known, asked.Expires).ConfigureAwait(false);
    }

    private async Task<StsVerdict> RenewAsync(DomainName domain, StsRecord record, StsEntry? known, DateTimeOffset expires)
    {
        if (await FetchAsync(domain, known?.Policy.Mode is StsMode.Enforce ? _kept : _places).ConfigureAwait(false) is not { } fetched)
        {
            PutOff(known, isRefresh: true);
            return Keep(domain, known, _clock.GetUtcNow() + Soon);
        }

        var now = _clock.GetUtcNow();
        _meter.Fetched(fetched.Failure);
        if (fetched.Policy is not { } policy)
        {
            Tell(domain, fetched, known, now);
            return Keep(domain, known?.Ends > now ? known : null, now + BackOff);
        }

        var entry = new StsEntry(domain, record.Id, policy, now);
        entry = entry with { RefreshAt = RefreshTimeOf(entry) };
        _policies.Put(entry, now);
        var verdict = Keep(domain, entry, expires);
        if (known is not null && known.Policy.Mode is not StsMode.None && !known.Requirement(false).Equals(entry.Requirement(false)))
        {
            _replaced.Enqueue(known);
        }

        return verdict;
    }

    // Null when too many wait already.
    private async Task<StsFetched?> FetchAsync(DomainName domain, StsPlaces places)
    {
        var parent = StsPlaces.ParentOf(domain);
        if (!await places.EnterAsync(parent, _closed).ConfigureAwait(false))
        {
            return null;
        }

        try
        {
            return await _fetch.FetchAsync(domain, _closed).ConfigureAwait(false);
        }
        finally
        {
            places.Leave(parent);
        }
    }

    // A policy that found no room goes unused until it may be fetched again.
    private StsVerdict Keep(DomainName domain, StsEntry? entry, DateTimeOffset expires)
    {
        var holding = entry is null ? null : _policies.HoldingOf(domain);
        var ends = entry is null ? expires : holding is null ? entry.Fetched + BackOff : entry.Ends;
        var verdict = new StsVerdict(holding, ends < expires ? ends : expires);
        Volatile.Read(ref _verdicts).Keep(KeyOf(domain), verdict);
        return verdict;
    }

    private void Tell(DomainName domain, StsFetched fetched, StsEntry? known, DateTimeOffset now)
    {
        var holds = known?.Ends > now;
        StsLog.NotFetched(_log, domain, fetched.Reason, holds ? "The one we have holds" : "Its mail goes as to a domain without one");
        Results?.Record(new TlsResult(domain, TlsPolicyKind.Sts, fetched.Failure) { PolicyLines = known?.Policy.Lines ?? [], PolicyHosts = known?.Policy.Patterns ?? [], Reason = fetched.Reason });
        if (known is null || !holds)
        {
            return;
        }

        // The last quarter of its time: soon mail there would be unprotected.
        var isNews = !known.IsTold && known.Policy.Mode is StsMode.Enforce && known.Ends - now < known.Policy.MaxAge / 4;
        PutOff(known with { IsTold = known.IsTold || isNews }, isRefresh: true);
        if (isNews)
        {
            Events?.Write(new Event
            {
                Kind = EventKind.Alert,
                Time = now,
                RecipientIndex = -1,
                Who = "mta-sts",
                Rule = "tls/sts",
                Domain = domain.Name,
                Reason = $"the policy of {domain} ends {known.Ends:u} and cannot be fetched again: {fetched.Reason}",
            });
        }
    }

    // Not before an hour or two again.
    private void PutOff(StsEntry? known, bool isRefresh)
    {
        if (known is not null && isRefresh)
        {
            _policies.Postpone(known, _clock.GetUtcNow() + (RefreshLeast * (1 + NextChance())));
        }
    }

    // About daily, and well before the policy ends; one of less than two hours is fetched when mail asks for it.
    private DateTimeOffset RefreshTimeOf(StsEntry entry)
    {
        var half = entry.Policy.MaxAge / 2;
        var daily = RefreshEvery * (0.75 + (0.5 * NextChance()));
        return half < RefreshLeast ? DateTimeOffset.MaxValue : entry.Fetched + (half < daily ? half : daily);
    }

    private double NextChance()
    {
        lock (_chance)
        {
            return _chance.NextDouble();
        }
    }
}
