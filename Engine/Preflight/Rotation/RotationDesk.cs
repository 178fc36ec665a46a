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
    private DateTimeOffset _nextScan = DateTimeOffset.MinValue;
    private int _isStale;

    /// <summary>When the oldest queued mail was accepted; null when none is queued. Asked when a retiring key's margin is past.</summary>
    public Func<DateTimeOffset?> OldestQueued { get; init; } = static () => null;

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

        var due = Book.Domains.Values.Where(domain => domain.NextLook(now) <= now || domain.WantsOldest(now)).Take(MaxSteps).Select(static domain => domain.Domain).ToList();
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop }, async (domain, end) => await TryStepAsync(domain, end).ConfigureAwait(false)).ConfigureAwait(false);
    }

    /// <summary>Carries out an order as far as it goes now. What it revokes signs nothing more when this returns.</summary>
    /// <returns>The domain's keys afterwards.</returns>
    /// <exception cref="RotationRefusedException">It cannot be; what was revoked stays so.</exception>
    /// <exception cref="IOException">The state could not be kept.</exception>
    public async Task<DomainRotation> OrderAsync(RotationOrder order, CancellationToken stop)
    {
        var snapshot = current.Value;
        var (folder, terms, now) = (new KeyFolder(snapshot), TermsOf(snapshot, order.Domain), clock.GetUtcNow());
        var plan = new OrderPlan(order, terms, Explicit(snapshot, order.Domain), folder.Find(order.Domain));
        var (before, after) = Change(order.Domain, rotation => plan.Apply(rotation, now));
        foreach (var revoked in after.Keys.Where(key => key.Standing is KeyStanding.Revoked && before.Find(key.Selector) is not { Standing: KeyStanding.Revoked }))
        {
            news.Revoked(order.Domain, revoked, after.IsWithheld);
        }

        if (plan.Refusal is { } refusal)
        {
            throw new RotationRefusedException(refusal);
        }

        TellSwitched(before, after);
        await StepAsync(order.Domain, stop).ConfigureAwait(false);
        Volatile.Read(ref _wake).TrySetResult();
        return DropUnmade(order.Domain, before);
    }

    /// <summary>What an order would change; changes nothing.</summary>
    /// <exception cref="RotationRefusedException">It cannot be.</exception>
    public DomainRotation Preview(RotationOrder order)
    {
        var snapshot = current.Value;
        var plan = new OrderPlan(order, TermsOf(snapshot, order.Domain), Explicit(snapshot, order.Domain), new KeyFolder(snapshot).Find(order.Domain));
        var after = plan.Apply(Book.Of(order.Domain), clock.GetUtcNow());
        return plan.Refusal is { } refusal && !order.IsEmergency ? throw new RotationRefusedException(refusal) : after;
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

    /// <summary>The times that a domain's rotation keeps.</summary>
    public static RotationTerms TermsOf(Snapshot snapshot, DomainName domain)
    {
        var options = snapshot.Options;
        var own = options.Domains.GetValueOrDefault(domain.Name)?.Rotation ?? options.Domains.GetValueOrDefault("*")?.Rotation;
        var rotation = options.Dkim.Rotation;
        var every = own is { Enabled: false } || Explicit(snapshot, domain).Count > 0 ? null : own?.Every ?? rotation.Every;
        var longest = options.Accounts.Values.SelectMany(static account => account.Streams.Values).Select(static stream => stream.GiveUp ?? TimeSpan.Zero)
            .Concat(options.Relays.Values.Select(static relay => relay.GiveUp))
            .Append(options.Delivery.GiveUp.Transactional)
            .Append(options.Delivery.GiveUp.Marketing)
            .Append(options.Delivery.GiveUp.MailboxFull)
            .Max();
        return new RotationTerms(every, KindOf(rotation.Rsa, options.Dkim.MinimumBits), rotation.Spare && own is not { Enabled: false }, options.Queue.MaxSchedule + longest);
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

        foreach (var domain in Book.Domains.Values.Where(domain => !ReferenceEquals(domain.Forget(now), domain)))
        {
            Change(domain.Domain, known => known.Forget(now));
        }

        return begun;
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "One domain's trouble must not keep the others from their turn; it is tried again.")]
    private async Task TryStepAsync(DomainName domain, CancellationToken stop)
    {
        try
        {
            await StepAsync(domain, stop).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            RotationLog.StepFailed(log, domain, fault);
        }
    }

    private async Task StepAsync(DomainName domain, CancellationToken stop)
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
                var oldest = rotation.WantsOldest(now) ? OldestQueued() : null;
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

        var (_, after) = Change(domain, rotation => rotation.Made(key.Selector).Told(key.Selector, clock.GetUtcNow()));
        news.Publish(domain, key, record, after.IsWithheld);
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
            Change(domain, rotation => rotation.Saw(key.Selector, new KeySighting([new PlaceSighting(folder.PathTo(domain, key.Selector), SightingKind.Silent, Remark: fault!)]), clock.GetUtcNow()));
            return;
        }

        var sighting = await watch.LookAsync(domain, key.Selector, record, stop).ConfigureAwait(false);
        var (before, after) = Change(domain, rotation => rotation.Saw(key.Selector, sighting, clock.GetUtcNow()));
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
    private DomainRotation DropUnmade(DomainName domain, DomainRotation before)
    {
        var failed = Book.Of(domain).Keys.Find(key => key is { Standing: KeyStanding.Next, IsMade: false } && before.Find(key.Selector) is null);
        if (failed is null)
        {
            return Book.Of(domain);
        }

        Change(domain, rotation => rotation.Drop(failed.Selector));
        throw new RotationRefusedException(failed.Missing);
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
