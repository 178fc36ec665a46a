using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Engine.Mail;
using Engine.Queue;
using Engine.Suppression;

namespace Engine.Feedback;

/// <summary>
/// Suppresses whom a final failure is about, then lets the failure take its way: suppression committed → notice accepted → recipient settled → event.
/// What waits is written together. While the list takes no writes the recipient stays in flight, so nobody is sent to again: only the suppression is tried again, after 1 s, then
/// twice as long, at most a minute. What waits at a stop is sent to again after the start.
/// </summary>
/// <param name="list">Where suppressions are kept.</param>
/// <param name="terms">The entry that the configuration's rules make of a reason.</param>
/// <param name="keyOf">Number of an account's stream.</param>
/// <param name="queue">Where recipients are settled.</param>
/// <param name="notices">Takes over what becomes a notice.</param>
/// <param name="events">Where it is told.</param>
/// <param name="clock">Wall clock.</param>
/// <param name="log">Where faults go.</param>
internal sealed class SuppressionDesk(
    ISuppressionList list,
    Func<SuppressionReason, SuppressionOrigin, AddressDigest, StreamKey, DateTimeOffset, SuppressionEntry> terms,
    Func<string, string, StreamKey> keyOf,
    MailQueue queue,
    NoticeDesk notices,
    IEvents events,
    TimeProvider clock,
    ILogger log)
{
    /// <summary>Failures that wait for a list that takes no writes, at most; some 1 KB each. Beyond, recipients go back for an hour.</summary>
    public const int MostStuck = 10_000;

    private const int AtOnce = 64;

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan TellsEvery = TimeSpan.FromMinutes(10);

    private readonly Channel<Ending> _endings = Channel.CreateUnbounded<Ending>();
    private readonly Channel<Ending> _stuck = Channel.CreateUnbounded<Ending>(new UnboundedChannelOptions { SingleReader = true });
    private int _stuckCount;
    private Exception? _fault;
    private DateTimeOffset _told;

    /// <summary>Failures that wait for the list.</summary>
    public int Stuck => Volatile.Read(ref _stuckCount);

    /// <summary>Takes a failure. Its recipient stays in flight until it is over.</summary>
    public void Write(Ending ending) => _endings.Writer.TryWrite(ending);

    /// <summary>Runs until stopped: 64 failures at once, so that one that is slow holds up no others, and one loop for those that are tried again.</summary>
    public Task RunAsync(CancellationToken stop) => Task.WhenAll([InsistAsync(stop), .. Enumerable.Range(0, AtOnce).Select(_ => TakeAsync(stop))]);

    private async Task TakeAsync(CancellationToken stop)
    {
        await foreach (var ending in _endings.Reader.ReadAllAsync(stop).ConfigureAwait(false))
        {
            if (await TryAsync(ending, stop).ConfigureAwait(false))
            {
                continue;
            }

            if (Interlocked.Increment(ref _stuckCount) <= MostStuck)
            {
                _stuck.Writer.TryWrite(ending);
                continue;
            }

            Interlocked.Decrement(ref _stuckCount);
            FeedbackLog.TooManyWait(log, ending.Line.Id, ending.Line.RecipientIndex);
            queue.PutBack(ending.Slot, clock.GetUtcNow() + TimeSpan.FromHours(1));
        }
    }

    private async Task InsistAsync(CancellationToken stop)
    {
        var (waiting, wait) = (new List<Ending>(), FirstWait);
        while (waiting.Count > 0 || await _stuck.Reader.WaitToReadAsync(stop).ConfigureAwait(false))
        {
            Complain();
            await Task.Delay(wait, clock, stop).ConfigureAwait(false);
            while (_stuck.Reader.TryRead(out var ending))
            {
                waiting.Add(ending);
            }

            var left = new List<Ending>();
            foreach (var some in waiting.Chunk(AtOnce))
            {
                var done = await Task.WhenAll(some.Select(ending => TryAsync(ending, stop))).ConfigureAwait(false);
                left.AddRange(some.Where((_, at) => !done[at]));
            }

            Interlocked.Add(ref _stuckCount, left.Count - waiting.Count);
            wait = left.Count < waiting.Count ? FirstWait : TimeSpan.FromTicks(Math.Min(wait.Ticks * 2, LongestWait.Ticks));
            waiting = left;
        }
    }

    private void Complain()
    {
        var (now, fault) = (clock.GetUtcNow(), Volatile.Read(ref _fault));
        FeedbackLog.NotSuppressed(log, Stuck, fault);
        if (now - _told < TellsEvery)
        {
            return;
        }

        _told = now;
        events.Write(new Event
        {
            Kind = EventKind.Alert,
            Time = now,
            RecipientIndex = -1,
            Who = "suppression",
            Rule = "suppression/not-written",
            Count = Stuck,
            Reason = $"the suppression list takes no writes: those whom replies are about wait for it, and are not sent to meanwhile ({fault?.Message}); not told again for ten minutes",
        });
    }

    // False when it is to be tried again.
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "One suppression that cannot be made must not stop the others; it is tried again.")]
    private async Task<bool> TryAsync(Ending ending, CancellationToken stop)
    {
        try
        {
            await SuppressAsync(ending, stop).ConfigureAwait(false);
        }
        catch (Exception fault) when (!stop.IsCancellationRequested)
        {
            Volatile.Write(ref _fault, fault);
            return false;
        }

        await EndAsync(ending).ConfigureAwait(false);
        return true;
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "One failure that cannot be settled must not stop the others; its recipient goes back to wait.")]
    private async Task EndAsync(Ending ending)
    {
        try
        {
            if (ending.Notice is { } notice)
            {
                notices.Write(notice);
            }
            else if (await queue.SettleAsync(ending.Slot, ending.End, ending.Code).ConfigureAwait(false))
            {
                events.Write(ending.Line);
            }
        }
        catch (Exception fault)
        {
            FeedbackLog.NotEnded(log, ending.Line.Id, ending.Line.RecipientIndex, fault);
            queue.PutBack(ending.Slot, clock.GetUtcNow() + TimeSpan.FromMinutes(1));
        }
    }

    private async ValueTask SuppressAsync(Ending ending, CancellationToken stop)
    {
        if (!Mailbox.TryParse(ending.Line.To, allowUtf8: true, out var address))
        {
            return;
        }

        var (now, reason) = (clock.GetUtcNow(), ending.Reason);
        var (digest, stream) = (list.DigestOf(address), keyOf(ending.Line.Account ?? string.Empty, ending.Line.Stream ?? string.Empty));

        // A warning stands where the strike it may become would stand.
        var entry = terms(reason is SuppressionReason.Hard ? reason : SuppressionReason.Strike, SuppressionOrigin.Reply, digest, stream, now);
        if (reason is SuppressionReason.Warning)
        {
            var count = StrikeRule.Count(await list.LookAsync(digest, entry.Scope, stop).ConfigureAwait(false), now, out var first);
            reason = StrikeRule.IsStrike(count, first, now) ? SuppressionReason.Strike : reason;
            entry = reason is SuppressionReason.Strike ? entry : entry with { Reason = reason, Added = first, Expires = first + StrikeRule.Memory, Count = (byte)count };
        }

        if (await list.AddAsync(entry, address, stop).ConfigureAwait(false) && reason is not SuppressionReason.Warning)
        {
            events.Write(SuppressionEvents.Added(entry, ending.Line, now));
        }
    }
}
