using System.Diagnostics.CodeAnalysis;
using Engine.Configuration;
using Engine.Dkim;
using Engine.Dkim.Rotation;
using Engine.Mail;

namespace Engine.Preflight.Rotation;

/// <summary>Carries out what the machine decides: writes key files, asks DNS, tells operators. One loop; orders come from any thread.</summary>
/// <param name="current">The configuration in force.</param>
/// <param name="shelf">The book.</param>
/// <param name="watch">Asks DNS.</param>
/// <param name="news">Tells operators.</param>
/// <param name="clock">Wall clock and waits.</param>
/// <param name="log">Told of faults.</param>
internal sealed class RotationDesk(CurrentSnapshot current, RotationShelf shelf, RecordWatch watch, RotationNews news, TimeProvider clock, ILogger log) : IDisposable
{
    // New keys begun in one turn by age: a thousand domains that fall due together are spread over hours, not pressed into a minute.
    private const int MaxBegun = 20;

    // Looked at in one turn: each may take dns.timeout.
    private const int MaxSteps = 200;
    private const int AtOnce = 8;

    private static readonly TimeSpan ScanInterval = TimeSpan.FromHours(1);
    private static readonly TimeSpan AfterMany = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim[] _steps = [.. Enumerable.Range(0, 16).Select(static _ => new SemaphoreSlim(1, 1))];
    private TaskCompletionSource _wake = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<DomainName, DateTimeOffset> _looked = [];
    private DateTimeOffset _nextScan = DateTimeOffset.MinValue;
    private Tuple<Snapshot, TimeSpan>? _longest;
    private int _isStale;

    /// <summary>When the oldest queued mail was accepted; null when none is queued. Asked when a retiring key's margin is past.</summary>
    public Func<DateTimeOffset?> OldestQueued { get; init; } = static () => null;

    /// <summary>What signs now; null, in tests, for a book alone.</summary>
    public Func<KeyRing?> Ring { get; init; } = static () => null;

    public RotationBook Book => shelf.Book;

    /// <summary>Looks after all keys until stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            var wake = _wake.Task;
            await TurnAsync(stop).ConfigureAwait(false);
            try
            {
                await wake.WaitAsync(Pause(), clock, stop).ConfigureAwait(false);
                Interlocked.Exchange(ref _wake, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            }
            catch (TimeoutException)
            {
                // The time has come.
            }
        }
    }

    /// <summary>The configuration has changed: looks at once.</summary>
    public void Wake()
    {
        Volatile.Write(ref _isStale, 1);
        Volatile.Read(ref _wake).TrySetResult();
    }

    /// <summary>Does once what is due.</summary>
    public async Task TurnAsync(CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        if (Interlocked.Exchange(ref _isStale, 0) != 0 || now >= _nextScan)
        {
            _nextScan = now + (Scan(now) < MaxBegun ? ScanInterval : AfterMany);
        }

        // Those first that were looked at longest ago: with more than one turn can take, each has its turn.
        var due = Book.Domains.Values.Where(domain => domain.NextLook(now) <= now || domain.WantsOldest(now)).Select(static domain => domain.Domain)
            .OrderBy(domain => _looked.GetValueOrDefault(domain)).ThenBy(static domain => domain.Name, StringComparer.Ordinal).Take(MaxSteps).ToList();
        due.ForEach(domain => _looked[domain] = now);
        var oldest = new Lazy<DateTimeOffset?>(OldestQueued);
        try
        {
            await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop }, async (domain, end) => await TryStepAsync(domain, oldest, end).ConfigureAwait(false)).ConfigureAwait(false);
        }
        finally
        {
            shelf.Flush();
        }
    }

    /// <summary>Whether a domain's mail waits, by what the key ring would do.</summary>
    public bool Waits(DomainName domain) => Waits(domain, Book);

    /// <summary>Carries out an order as far as it goes now. What it revokes signs nothing more when this returns.</summary>
    /// <returns>The domain's keys afterwards.</returns>
    /// <exception cref="RotationRefusedException">It cannot be; what was revoked stays so.</exception>
    /// <exception cref="IOException">The state could not be kept.</exception>
    public async Task<DomainRotation> OrderAsync(RotationOrder order, CancellationToken stop)
    {
        var snapshot = current.Value;
        var (plan, now) = (PlanOf(order, snapshot), clock.GetUtcNow());
        var (before, after) = Change(order.Domain, rotation => plan.Apply(rotation, now));
        foreach (var revoked in after.Keys.Where(key => key.Standing is KeyStanding.Revoked && before.Find(key.Selector) is not { Standing: KeyStanding.Revoked }))
        {
            news.Revoked(order.Domain, revoked, Waits(order.Domain));
        }

        TellSwitched(before, after);
        if (plan.Refusal is null || order.IsEmergency)
        {
            await StepAsync(order.Domain, new Lazy<DateTimeOffset?>(OldestQueued), stop).ConfigureAwait(false);
            Volatile.Read(ref _wake).TrySetResult();
            shelf.Flush();
        }

        var fault = DropUnmade(order, before);
        return plan.Refusal is null && fault is null ? Book.Of(order.Domain) : throw new RotationRefusedException(string.Join("; ", new[] { plan.Refusal, fault }.OfType<string>()));
    }

    /// <summary>What an order would change; changes nothing.</summary>
    /// <exception cref="RotationRefusedException">It cannot be.</exception>
    public OrderOutlook Preview(RotationOrder order)
    {
        var snapshot = current.Value;
        var plan = PlanOf(order, snapshot);
        var after = plan.Apply(Book.Of(order.Domain), clock.GetUtcNow());
        if (plan.Refusal is { } refusal && !order.IsEmergency)
        {
            throw new RotationRefusedException(refusal);
        }

        var unwritable = after.Keys.Exists(static key => key is { Standing: KeyStanding.Next, IsMade: false }) ? new KeyFolder(snapshot).WriteFault() : null;
        return new OrderOutlook(after, Waits(order.Domain, Book.With(after)), plan.Refusal is null && unwritable is null ? null : string.Join("; ", new[] { plan.Refusal, unwritable }.OfType<string>()));
    }

    /// <summary>How the keys of a domain stand: those of the book, and those found that nobody rotates.</summary>
    public DomainRotation Look(DomainName domain) => Book.Of(domain).Adopt(new KeyFolder(current.Value).Find(domain));

    public void Dispose()
    {
        foreach (var step in _steps)
        {
            step.Dispose();
        }
    }

    private OrderPlan PlanOf(RotationOrder order, Snapshot snapshot) => new(
        order,
        TermsOf(snapshot, order.Domain),
        WrittenKey.Of(snapshot, order.Domain, Ring()?.For(order.Domain) ?? [], order.Revoke),
        new KeyFolder(snapshot).Find(order.Domain));

    private bool Waits(DomainName domain, RotationBook book) => Ring() is { } ring ? ring.With(book).FaultOf(domain) is not null : book.Of(domain).IsWithheld;

    private RotationTerms TermsOf(Snapshot snapshot, DomainName domain)
    {
        var options = snapshot.Options;
        var own = options.Domains.GetValueOrDefault(domain.Name)?.Rotation ?? options.Domains.GetValueOrDefault("*")?.Rotation;
        var rotation = options.Dkim.Rotation;
        var every = own is { Enabled: false } || Explicit(snapshot, domain).Count > 0 ? null : own?.Every ?? rotation.Every;
        return new RotationTerms(every, KindOf(rotation.Rsa, options.Dkim.MinimumBits), rotation.Spare && own is not { Enabled: false }, LongestQueued(snapshot)) { Node = options.Node };
    }

    // Looks at every stream of every account: once for a configuration, not for each domain.
    private TimeSpan LongestQueued(Snapshot snapshot)
    {
        if (Volatile.Read(ref _longest) is { } known && known.Item1 == snapshot)
        {
            return known.Item2;
        }

        var options = snapshot.Options;
        var longest = options.Queue.MaxSchedule + options.Accounts.Values.SelectMany(static account => account.Streams.Values).Select(static stream => stream.GiveUp ?? TimeSpan.Zero)
            .Concat(options.Relays.Values.Select(static relay => relay.GiveUp))
            .Append(options.Delivery.GiveUp.Transactional)
            .Append(options.Delivery.GiveUp.Marketing)
            .Append(options.Delivery.GiveUp.MailboxFull)
            .Max();
        Volatile.Write(ref _longest, Tuple.Create(snapshot, longest));
        return longest;
    }

    private static IReadOnlyList<DkimKeyOptions> Explicit(Snapshot snapshot, DomainName domain) => snapshot.Options.Domains.GetValueOrDefault(domain.Name)?.Dkim ?? [];

    private static KeyKind KindOf(RotatedRsa? rsa, int minimumBits) => (rsa, minimumBits) switch
    {
        (RotatedRsa.Rsa4096, _) or (null, > 3_072) => KeyKind.Rsa4096,
        (RotatedRsa.Rsa3072, _) or (null, > 2_048) => KeyKind.Rsa3072,
        _ => KeyKind.Rsa2048,
    };

    private TimeSpan Pause()
    {
        var now = clock.GetUtcNow();
        var next = _nextScan;
        foreach (var domain in Book.Domains.Values)
        {
            next = domain.NextLook(now) is { } look && look < next ? look : next;
        }

        return next - now < Shortest ? Shortest : next - now;
    }

    // Begins successors of old keys and spares; ends what was left to do with files.
    private int Scan(DateTimeOffset now)
    {
        var snapshot = current.Value;
        var folder = new KeyFolder(snapshot);
        var begun = 0;
        foreach (var (domain, oldest) in folder.Domains())
        {
            var terms = TermsOf(snapshot, domain);
            var rotation = Book.Of(domain);
            var wantsSpare = terms.Spare && !rotation.Keys.Exists(static key => key is { Standing: KeyStanding.Next, IsSpare: true });
            if (begun < MaxBegun && (wantsSpare || oldest + terms.Every <= now) && Explicit(snapshot, domain).Count == 0)
            {
                var next = rotation.Adopt(folder.Find(domain));
                var scheduled = next.Schedule(terms, now);
                begun += ReferenceEquals(scheduled, next) ? 0 : 1;
                rotation = ReferenceEquals(scheduled, next) ? rotation : Change(domain, known => known.Adopt(folder.Find(domain)).Schedule(terms, now)).After;
            }

            foreach (var ended in rotation.Keys.Where(static key => key is { Standing: KeyStanding.Retired or KeyStanding.Revoked, IsMade: true }))
            {
                MoveAway(folder, domain, ended);
            }
        }

        foreach (var gone in _looked.Keys.Where(domain => !Book.Domains.ContainsKey(domain)).ToList())
        {
            _looked.Remove(gone);
        }

        foreach (var domain in Book.Domains.Values.Where(domain => !ReferenceEquals(domain.Forget(now), domain)))
        {
            Change(domain.Domain, known => known.Forget(now));
        }

        return begun;
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "One domain's trouble must not keep the others from their turn; it is tried again.")]
    private async Task TryStepAsync(DomainName domain, Lazy<DateTimeOffset?> oldest, CancellationToken stop)
    {
        try
        {
            await StepAsync(domain, oldest, stop).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            RotationLog.StepFailed(log, domain, fault);
        }
    }

    private async Task StepAsync(DomainName domain, Lazy<DateTimeOffset?> oldestQueued, CancellationToken stop)
    {
        var step = _steps[(uint)domain.GetHashCode() % _steps.Length];
        await step.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            // Twice: what was made is asked for at once.
            for (var pass = 0; pass < 2; pass++)
            {
                var snapshot = current.Value;
                var now = clock.GetUtcNow();
                var rotation = Book.Of(domain);
                var oldest = rotation.WantsOldest(now) ? oldestQueued.Value : null;
                foreach (var (kind, key) in rotation.Steps(TermsOf(snapshot, domain), oldest, now))
                {
                    await DoAsync(kind, new KeyFolder(snapshot), domain, key, stop).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            step.Release();
        }
    }

    private async Task DoAsync(RotationStepKind kind, KeyFolder folder, DomainName domain, RotatedKey key, CancellationToken stop)
    {
        switch (kind)
        {
            case RotationStepKind.Make:
                Make(folder, domain, key);
                break;
            case RotationStepKind.Ask:
                await AskAsync(folder, domain, key, stop).ConfigureAwait(false);
                break;
            case RotationStepKind.Remind when Book.Of(domain).Find(key.Selector) is { Standing: KeyStanding.Next, Missing.Length: > 0 } still:
                Change(domain, rotation => rotation.Told(key.Selector, clock.GetUtcNow()));
                news.Waiting(domain, still, folder.RecordOf(domain, key.Selector, out _));
                break;
            case RotationStepKind.Retire:
                Change(domain, rotation => rotation.Retire(key.Selector, clock.GetUtcNow()));
                news.Retired(domain, key, MoveAway(folder, domain, Book.Of(domain).Find(key.Selector)!), folder.PathTo(domain, key.Selector));
                break;
        }
    }

    private void Make(KeyFolder folder, DomainName domain, RotatedKey key)
    {
        try
        {
            folder.Make(domain, key.Selector, key.Kind ?? KeyKind.Rsa2048);
        }
        catch (IOException fault)
        {
            Change(domain, rotation => rotation.NotMade(key.Selector, fault.Message, clock.GetUtcNow()));
            return;
        }

        if (folder.RecordOf(domain, key.Selector, out var bad) is not { } record)
        {
            Change(domain, rotation => rotation.NotMade(key.Selector, bad!, clock.GetUtcNow()));
            return;
        }

        Change(domain, rotation => rotation.Made(key.Selector).Told(key.Selector, clock.GetUtcNow()));
        news.Publish(domain, key, record, Waits(domain));
    }

    private async Task AskAsync(KeyFolder folder, DomainName domain, RotatedKey key, CancellationToken stop)
    {
        if (!folder.Has(domain, key.Selector))
        {
            // Whoever took its file away has given it up; what DNS shows of it no longer matters.
            Change(domain, rotation => rotation.Drop(key.Selector));
            return;
        }

        if (folder.RecordOf(domain, key.Selector, out var fault) is not { } record)
        {
            shelf.Note(domain, rotation => rotation.Saw(key.Selector, new KeySighting([new PlaceSighting(folder.PathTo(domain, key.Selector), SightingKind.Silent, Remark: fault!)]), clock.GetUtcNow()));
            return;
        }

        var sighting = await watch.LookAsync(domain, key.Selector, record, stop).ConfigureAwait(false);
        var (before, after) = shelf.Note(domain, rotation => rotation.Saw(key.Selector, sighting, clock.GetUtcNow()));
        TellSwitched(before, after);
    }

    private bool MoveAway(KeyFolder folder, DomainName domain, RotatedKey key)
    {
        if (!folder.TryMoveAway(domain, key.Selector, key.Standing))
        {
            return false;
        }

        Change(domain, rotation => rotation.MovedAway(key.Selector));
        return true;
    }

    // A key that an operator ordered and that could not be written is not left waiting: he hears why now.
    private string? DropUnmade(RotationOrder order, DomainRotation before)
    {
        var domain = order.Domain;
        var failed = Book.Of(domain).Keys.Find(key => key is { Standing: KeyStanding.Next, IsMade: false } && before.Find(key.Selector) is null);
        if (failed is null)
        {
            return null;
        }

        Change(domain, rotation => rotation.Drop(failed.Selector));
        return !order.IsEmergency ? failed.Missing
            : $"revoked, but no next key was made: {failed.Missing}. Make {current.Value.PathTo(current.Value.Options.Dkim.Directory)} writable and say 'engine dkim rotate {domain}'; "
                + $"or make one by hand: 'engine dkim generate {domain} --selector {failed.Selector}', publish its record, then 'engine reload'{(Waits(domain) ? "; mail of the domain waits until then" : string.Empty)}";
    }

    private (DomainRotation Before, DomainRotation After) Change(DomainName domain, Func<DomainRotation, DomainRotation> change) => shelf.Change(domain, change);

    private void TellSwitched(DomainRotation before, DomainRotation after)
    {
        foreach (var key in after.Keys.Where(key => key.Standing is KeyStanding.Signing && before.Find(key.Selector) is { Standing: KeyStanding.Next }))
        {
            news.Switched(after.Domain, key, after.Keys.Where(other => other.Standing is KeyStanding.Retiring && before.Find(other.Selector) is { Standing: KeyStanding.Signing }).Select(static other => other.Selector));
        }
    }
}
