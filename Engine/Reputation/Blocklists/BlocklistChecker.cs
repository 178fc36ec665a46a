using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Engine.Configuration;
using Engine.Mail;

namespace Engine.Reputation.Blocklists;

/// <summary>
/// Asks block lists about our sources and sending domains, and says which sources are out of service. One loop (<see cref="RunAsync"/>) asks and
/// awaits; everything is decided by <see cref="BlocklistWatch"/>. All members are thread-safe; <see cref="QuarantineOf"/> takes no lock and
/// allocates nothing.
/// </summary>
internal sealed class BlocklistChecker : IDisposable
{
    /// <summary>Questions open at once. At 133 a second each may take 375 ms on average.</summary>
    public const int Parallel = 50;

    // Replies are a stranger's words: neither many lists at once nor the same source again and again.
    private const int MostNamed = 3;

    private static readonly TimeSpan HeardAgain = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan FollowEvery = TimeSpan.FromSeconds(15);

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> _heard = new(StringComparer.Ordinal);
    private readonly ActiveSenders _active;
    private readonly IEvents _events;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly BlocklistMetrics _metrics;
    private readonly BlocklistWatch _watch = new(new BlocklistOptions());
    private ListAsker _asker;
    private FrozenDictionary<string, Standing[]> _standings = FrozenDictionary<string, Standing[]>.Empty;
    private Dictionary<string, string> _addresses = [];
    private TaskCompletionSource _wake = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private (ListingBook Book, long Version) _published;
    private long _version;

    /// <param name="asker">Puts the questions.</param>
    /// <param name="active">Who has sent.</param>
    /// <param name="events">Hears of every change.</param>
    /// <param name="clock">Gives the time of checks.</param>
    /// <param name="logger">Hears of faults of ours.</param>
    public BlocklistChecker(ListAsker asker, ActiveSenders active, IEvents events, TimeProvider clock, ILogger logger)
    {
        (_asker, _active, _events, _clock, _logger) = (asker, active, events, clock, logger);
        _metrics = new BlocklistMetrics(this, Listed, Healths);
    }

    /// <summary>Grows whenever <see cref="QuarantineOf"/> may answer otherwise.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>Takes a configuration, at start and at each reload. Who is listed, and what is known of lists, stays.</summary>
    public void Load(BlocklistOptions options, IReadOnlyList<Blocklist> lists, SourceMap sources)
    {
        var pools = sources.Pools.Select(pool => (IReadOnlyList<string>)[.. pool.Sources.Select(source => source.Name)]).ToList();
        var addresses = sources.Sources.Where(source => source.Address is not null).ToDictionary(source => source.Name, source => source.Address!.ToString());
        Change(now =>
        {
            _addresses = addresses;
            _watch.Load(options, lists, pools, now);
            _watch.Follow(_active.Recent(), _addresses, now);
        });
    }

    /// <summary>Asks by another from now on: <c>dns</c> has changed. The old client may be disposed then; questions on their way are asked again in their turn.</summary>
    public void Use(ListAsker asker) => Volatile.Write(ref _asker, asker);

    /// <summary>Share of its mail that a source may send to an operator, and why it is not all.</summary>
    /// <param name="source">Name of the source.</param>
    /// <param name="provider">Provider id or destination name.</param>
    public Quarantine QuarantineOf(string source, string provider)
    {
        // The lowest share comes first.
        foreach (var standing in Volatile.Read(ref _standings).GetValueOrDefault(source, []))
        {
            if (standing.Affects(provider))
            {
                return new Quarantine(standing.Share, standing);
            }
        }

        return Quarantine.None;
    }

    /// <summary>Asks about a source at once.</summary>
    /// <param name="source">Name of the source.</param>
    /// <param name="zone">As <see cref="Blocklist.Zone"/>; null for all.</param>
    public void RecheckNow(string source, string? zone) => Change(now =>
    {
        if (_addresses.TryGetValue(source, out var address))
        {
            _watch.Hurry(new ListSubject(source, address), zone, now);
        }
    });

    /// <summary>Asks at once the lists that a reply names. For replies classed as blocks.</summary>
    /// <returns>Whether the reply names any.</returns>
    public bool RecheckNamed(string source, DomainName senderDomain, string reply)
    {
        var now = _clock.GetUtcNow();
        if (_heard.TryGetValue(source, out var last) && now - last < HeardAgain)
        {
            return false;
        }

        IReadOnlyList<Blocklist> named = [.. ListMention.Find(reply, Lists).Take(MostNamed)];
        if (named.Count > 0)
        {
            _heard[source] = now;
            Change(at => Hurry(source, senderDomain, named, at));
        }

        return named.Count > 0;
    }

    /// <summary>State for <c>state/blocklists</c>: write it with <see cref="DurableFile"/>, every 10 s when <see cref="Version"/> grew, and at stop.</summary>
    public byte[] Save()
    {
        lock (_gate)
        {
            return ListingFile.Write(_watch.Book.Listings);
        }
    }

    /// <summary>Puts saved state back. After the first <see cref="Load"/>, before <see cref="RunAsync"/>.</summary>
    public void Restore(ReadOnlySpan<byte> saved)
    {
        var now = _clock.GetUtcNow();
        var listings = ListingFile.Read(saved, Lists, now);
        Change(now =>
        {
            foreach (var listing in listings)
            {
                _watch.Book.Restore(listing);
            }

            _watch.Follow(_active.Recent(), _addresses, now);
        });
    }

    /// <summary>How everything stands.</summary>
    public BlocklistReport Report()
    {
        lock (_gate)
        {
            return BlocklistReport.Of(_watch);
        }
    }

    /// <summary>Asks until stopped; then waits for the questions on their way.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var running = new List<Task>(Parallel);
        var followAt = _clock.GetUtcNow();
        while (!stop.IsCancellationRequested)
        {
            var wake = Armed();
            if (_clock.GetUtcNow() >= followAt)
            {
                var recent = _active.Recent();
                Change(now => _watch.Follow(recent, _addresses, now));
                followAt = _clock.GetUtcNow() + FollowEvery;
            }

            running.RemoveAll(task => task.IsCompleted);
            while (running.Count < Parallel && Next() is { } errand)
            {
                running.Add(AskAsync(errand, stop));
            }

            await RestAsync(running.Count < Parallel, followAt, wake, stop).ConfigureAwait(false);
        }

        await Task.WhenAll(running).ConfigureAwait(false);
    }

    public void Dispose() => _metrics.Dispose();

    private IReadOnlyList<Blocklist> Lists
    {
        get
        {
            lock (_gate)
            {
                return _watch.Lists;
            }
        }
    }

    private void Hurry(string source, DomainName senderDomain, IReadOnlyList<Blocklist> named, DateTimeOffset now)
    {
        var subjects = senderDomain.IsEmpty ? [] : ActiveSenders.NamesOf(senderDomain).Select(ListSubject.Of).ToList();
        if (_addresses.TryGetValue(source, out var address))
        {
            subjects.Add(new ListSubject(source, address));
        }

        foreach (var subject in subjects)
        {
            foreach (var list in named.Where(subject.Asks))
            {
                _watch.Hurry(subject, list.Zone, now);
            }
        }
    }

    private Errand? Next()
    {
        lock (_gate)
        {
            return _watch.Next(_clock.GetUtcNow());
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Top of one question: a fault of ours must not end the loop; the question comes again in its turn.")]
    private async Task AskAsync(Errand errand, CancellationToken stop)
    {
        try
        {
            if (errand.Test is { } test)
            {
                var (mustList, mustNotList) = await Volatile.Read(ref _asker).TestAsync(test.List, stop).ConfigureAwait(false);
                _metrics.Asked(mustNotList.Verdict);
                Change(now => _watch.Take(test, mustList, mustNotList, now));
            }
            else if (errand.Check is { } check)
            {
                var answer = await Volatile.Read(ref _asker).AskAsync(check.List, check.Subject.Target, stop).ConfigureAwait(false);
                _metrics.Asked(answer.Verdict);
                Change(now => _watch.Take(check, answer, now));
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return;
        }
        catch (Exception fault)
        {
            if (fault is not (OperationCanceledException or ObjectDisposedException))
            {
                _logger.CheckFailed(fault);
            }

            Change(now => GiveUp(errand, now));
        }
    }

    private void GiveUp(Errand errand, DateTimeOffset now)
    {
        if (errand.Test is { } test)
        {
            _watch.Take(test, ListAnswer.Silence, ListAnswer.Silence, now);
        }
        else
        {
            _watch.Take(errand.Check!, ListAnswer.Silence, now);
        }
    }

    // Until the next is due and there is room for it, or something changes. An answer wakes too.
    private async Task RestAsync(bool hasRoom, DateTimeOffset followAt, Task wake, CancellationToken stop)
    {
        using var resting = CancellationTokenSource.CreateLinkedTokenSource(stop);
        DateTimeOffset? due;
        lock (_gate)
        {
            due = hasRoom ? _watch.NextAt() : null;
        }

        var until = due < followAt ? due.Value : followAt;
        var rest = until - _clock.GetUtcNow();
        if (rest > TimeSpan.Zero)
        {
            await Task.WhenAny(wake, Task.Delay(rest, _clock, resting.Token)).ConfigureAwait(false);
            await resting.CancelAsync().ConfigureAwait(false);
        }
        else
        {
            Change(_watch.Decide);
        }
    }

    private Task Armed()
    {
        lock (_gate)
        {
            if (_wake.Task.IsCompleted)
            {
                _wake = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return _wake.Task;
        }
    }

    // Events are written outside the lock, in order of each change.
    private void Change(Action<DateTimeOffset> change)
    {
        IReadOnlyList<ListingChange> changes;
        lock (_gate)
        {
            change(_clock.GetUtcNow());
            changes = _watch.TakeChanges();
            Publish();
            _wake.TrySetResult();
        }

        foreach (var one in changes)
        {
            ListingEvents.Write(_events, one);
        }
    }

    private void Publish()
    {
        var present = (_watch.Book, _watch.Book.Version);
        if (present != _published)
        {
            _published = present;
            Volatile.Write(ref _standings, _watch.Book.Standings().ToFrozenDictionary(StringComparer.Ordinal));
            Volatile.Write(ref _version, _version + 1);
        }
    }

    private List<(string Source, string Zone)> Listed()
    {
        lock (_gate)
        {
            return [.. _watch.Book.Listings
                .Where(listing => listing is { State: ListingState.Listed, List.Weight: not ListWeight.White })
                .Select(listing => (listing.Subject.Name, listing.List.Zone))
                .Distinct()];
        }
    }

    private List<(ZoneHealth Health, int Count)> Healths()
    {
        lock (_gate)
        {
            return [.. _watch.Tests.CountBy(test => test.Health).Select(health => (health.Key, health.Value))];
        }
    }
}
