using Engine.Configuration;
using Engine.Mail;

namespace Engine.Preflight.Gate;

/// <summary>Checks each domain of the roster when it is due, sixteen at a time, and hands what was found to the gate. One loop, owned by whoever calls <see cref="RunAsync"/>.</summary>
/// <param name="roster">Says who is due.</param>
/// <param name="gate">Takes what was found.</param>
/// <param name="terms">In force.</param>
/// <param name="check">Runs the checks that count for the gate.</param>
/// <param name="clock">Says when.</param>
internal sealed class DomainWatch(CheckRoster roster, DomainGate gate, Func<VerifyTerms> terms, Func<DomainName, CancellationToken, Task<DomainReport>> check, TimeProvider clock) : IDisposable
{
    private const int Parallel = 16;

    private readonly SemaphoreSlim _wake = new(0, 1);

    /// <summary>Runs until it is stopped; the checks under way end first.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var open = new List<Task>();
        roster.Added += Rouse;
        try
        {
            while (true)
            {
                stop.ThrowIfCancellationRequested();
                if (!roster.TryTake(out var domain, out var next))
                {
                    await RestAsync(next, stop).ConfigureAwait(false);
                    continue;
                }

                open.Add(CheckAsync(domain, stop));
                if (open.Count >= Parallel)
                {
                    await Task.WhenAny(open).ConfigureAwait(false);
                }

                // A fault of one ends the loop, for its owner to begin again.
                foreach (var done in open.Where(task => task.IsCompleted).ToArray())
                {
                    open.Remove(done);
                    await done.ConfigureAwait(false);
                }
            }
        }
        finally
        {
            roster.Added -= Rouse;
            await Task.WhenAll(open).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose() => _wake.Dispose();

    private async Task CheckAsync(DomainName domain, CancellationToken stop)
    {
        var (isGood, isDropped) = (false, false);
        try
        {
            var inForce = terms().Of(domain);
            if (inForce.Level is VerifyLevel.Off || !roster.IsWanted(domain, gate.Find(domain)?.IsPaused ?? false))
            {
                isDropped = true;
                gate.Forget(domain);
                roster.Drop(domain);
                return;
            }

            var report = await check(domain, stop).ConfigureAwait(false);
            gate.Record(report, inForce);
            isGood = report.Evidence is GateEvidence.Good;
        }
        finally
        {
            // Dropped ones come back when they are seen.
            if (!isDropped)
            {
                roster.Return(domain, isGood);

                // The loop may rest until another is due, or for ever where this was the only one.
                Rouse();
            }
        }
    }

    private void Rouse()
    {
        lock (_wake)
        {
            if (_wake.CurrentCount == 0)
            {
                _wake.Release();
            }
        }
    }

    private async Task RestAsync(DateTimeOffset? next, CancellationToken stop)
    {
        if (next is not { } at)
        {
            await _wake.WaitAsync(stop).ConfigureAwait(false);
            return;
        }

        var wait = at - clock.GetUtcNow();
        using var due = new CancellationTokenSource(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(due.Token, stop);
        try
        {
            await _wake.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // One is due.
        }
    }
}
