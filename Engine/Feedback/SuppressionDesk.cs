using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Engine.Mail;
using Engine.Queue;
using Engine.Suppression;

namespace Engine.Feedback;

/// <summary>
/// Suppresses whom a final failure is about, then lets the failure take its way: suppression committed → notice accepted → recipient settled → event.
/// One loop; what waits is written together. When the list cannot be written the recipient waits a minute and is tried again.
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
    private const int MostAtOnce = 1_000;

    private readonly Channel<Ending> _endings = Channel.CreateUnbounded<Ending>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Takes a failure. Its recipient stays in flight until it is over.</summary>
    public void Write(Ending ending) => _endings.Writer.TryWrite(ending);

    public async Task RunAsync(CancellationToken stop)
    {
        var batch = new List<Task>(MostAtOnce);
        while (await _endings.Reader.WaitToReadAsync(stop).ConfigureAwait(false))
        {
            batch.Clear();
            while (batch.Count < MostAtOnce && _endings.Reader.TryRead(out var ending))
            {
                batch.Add(EndAsync(ending, stop));
            }

            await Task.WhenAll(batch).ConfigureAwait(false);
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "One suppression that cannot be made must not stop the others; its recipient goes back to wait.")]
    private async Task EndAsync(Ending ending, CancellationToken stop)
    {
        try
        {
            await SuppressAsync(ending, stop).ConfigureAwait(false);
            if (ending.Notice is { } notice)
            {
                notices.Write(notice);
            }
            else if (await queue.SettleAsync(ending.Slot, ending.End, ending.Code).ConfigureAwait(false))
            {
                events.Write(ending.Line);
            }
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            FeedbackLog.NotSuppressed(log, ending.Line.Id, ending.Line.RecipientIndex, fault);
            queue.PutBack(ending.Slot, clock.GetUtcNow() + TimeSpan.FromMinutes(1));
        }
    }

    private async ValueTask SuppressAsync(Ending ending, CancellationToken stop)
    {
        if (!Mailbox.TryParse(ending.Line.To, allowUtf8: true, out var address))
        {
            return;
        }

        var (now, reason, count) = (clock.GetUtcNow(), ending.Reason, 0);
        var (digest, stream, first) = (list.DigestOf(address), keyOf(ending.Line.Account ?? string.Empty, ending.Line.Stream ?? string.Empty), now);
        if (reason is SuppressionReason.Warning)
        {
            var scope = terms(SuppressionReason.Strike, SuppressionOrigin.Reply, digest, stream, now).Scope;
            count = StrikeRule.Count(await list.LookAsync(digest, scope, stop).ConfigureAwait(false), now, out first);
            reason = StrikeRule.IsStrike(count, first, now) ? SuppressionReason.Strike : reason;
        }

        var entry = terms(reason is SuppressionReason.Hard ? reason : SuppressionReason.Strike, SuppressionOrigin.Reply, digest, stream, now);
        if (reason is SuppressionReason.Warning)
        {
            entry = entry with { Reason = reason, Added = first, Expires = first + StrikeRule.Memory, Count = (byte)count };
        }

        if (await list.AddAsync(entry, address, stop).ConfigureAwait(false) && reason is not SuppressionReason.Warning)
        {
            events.Write(SuppressionEvents.Added(entry, ending.Line, now));
        }
    }
}
