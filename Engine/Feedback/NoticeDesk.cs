using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Threading.Channels;
using Engine.Configuration;
using Engine.Mail;
using Engine.Queue;

namespace Engine.Feedback;

/// <summary>
/// Sends notices, at <c>system.rate</c>: notice accepted → recipient settled, or deferred → event. A crash in between repeats the notice
/// under the same id, which the queue knows. Recipients that are settled already have their event at once, and their notice is lost with a
/// stop, a crash or a fault: of a success that costs less than a second mail. One loop.
/// </summary>
internal sealed class NoticeDesk(MailQueue queue, IIntake intake, CurrentSnapshot snapshot, IEvents events, TimeProvider clock, ILogger log)
{
    /// <summary>Slot of a notice whose recipient has been settled already.</summary>
    public const int Settled = -1;

    /// <summary>Octets that notices of success may hold while they wait, 32 MiB: some 10 000 of the usual size. Beyond, they are not made.</summary>
    public const int MostHeld = 32 << 20;

    // Of a notice of success, beside the header block.
    private const int OwnSize = 1_024;

    private static readonly TimeSpan TellsLostEvery = TimeSpan.FromMinutes(1);

    // Beside the numbers of EndKind, in ids of notices.
    private const byte DelayMark = 16;

    private readonly Channel<Notice> _notices = Channel.CreateUnbounded<Notice>(new UnboundedChannelOptions { SingleReader = true });
    private long _next;
    private readonly Lock _losing = new();
    private int _waiting;
    private long _held;
    private int _lost;
    private DateTimeOffset _toldLost;

    /// <summary>Waiting notices.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Takes a notice; any thread.</summary>
    public void Write(Notice notice)
    {
        if (notice is { Slot: Settled, Line: { } line })
        {
            events.Write(line);
            notice = notice with { Line = null };
        }

        if (notice.Kind is NoticeKind.Relayed && Interlocked.Add(ref _held, SizeOf(notice)) > MostHeld)
        {
            Interlocked.Add(ref _held, -SizeOf(notice));
            Lose();
            return;
        }

        Interlocked.Increment(ref _waiting);
        _notices.Writer.TryWrite(notice);
    }

    /// <summary>Tells of a recipient that is settled as bounced: by the event, and by a notice where its account and NOTIFY want one.</summary>
    public void Tell(Envelope envelope, int index, Outcome outcome, Event line)
    {
        if (NoticePolicy.WantsFailure(snapshot.Value.NoticesOf(envelope.Account), envelope.Sender.IsNull, envelope.Recipients[index].Notify))
        {
            Write(new Notice(NoticeKind.Failure, Settled, envelope.Id, envelope, index, outcome, EndKind.Bounced, line));
        }
        else
        {
            events.Write(line);
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Top of the loop: one notice that cannot be made must not stop the others; its recipient goes back to wait.")]
    public async Task RunAsync(CancellationToken stop)
    {
        await foreach (var notice in _notices.Reader.ReadAllAsync(stop).ConfigureAwait(false))
        {
            Interlocked.Decrement(ref _waiting);
            try
            {
                await PaceAsync(stop).ConfigureAwait(false);
                await SendAsync(notice, stop).ConfigureAwait(false);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                Forgo(notice, fault);
            }

            if (notice.Kind is NoticeKind.Relayed)
            {
                Interlocked.Add(ref _held, -SizeOf(notice));
            }
        }
    }

    private static int SizeOf(Notice notice) => OwnSize + notice.Head.Length;

    private void Lose()
    {
        lock (_losing)
        {
            _lost++;
            var now = clock.GetUtcNow();
            if (now - _toldLost < TellsLostEvery)
            {
                return;
            }

            FeedbackLog.SuccessesNotTold(log, _lost);
            (_lost, _toldLost) = (0, now);
        }
    }

    private void Forgo(Notice notice, Exception fault)
    {
        if (notice.Slot == Settled)
        {
            FeedbackLog.NoticeLost(log, notice.Id, notice.Recipient, fault);
            return;
        }

        FeedbackLog.NoticeFailed(log, notice.Id, notice.Recipient, fault);
        queue.PutBack(notice.Slot, clock.GetUtcNow() + TimeSpan.FromMinutes(1));
    }

    private async ValueTask SendAsync(Notice notice, CancellationToken stop)
    {
        var options = snapshot.Value.Options;
        var writer = new NoticeWriter(options.Hostname, options.System.From ?? $"mailer-daemon@{options.Hostname}");
        var id = NoticeId.Of(notice.Id, notice.Recipient, notice.Kind is NoticeKind.Delay ? DelayMark : (byte)notice.End);
        using var message = notice.Envelope is null ? await queue.ReadAsync(notice.Slot, stop).ConfigureAwait(false) : null;
        var envelope = notice.Envelope ?? message!.Envelope;
        var content = writer.Write(id, envelope, ToldOf(notice, envelope), message?.Head(message.HeadOf(notice.Recipient)) ?? notice.Head, BodyOf(message), clock.GetUtcNow());
        await intake.AcceptAsync(new OwnMessage(id, default, [envelope.Sender], content) { IsTlsRequired = envelope.Needs.HasFlag(BodyNeeds.RequireTls) }, stop).ConfigureAwait(false);
        if (await EndAsync(notice).ConfigureAwait(false) && notice.Line is { } line)
        {
            events.Write(line);
        }
    }

    private async ValueTask<bool> EndAsync(Notice notice) => notice switch
    {
        { Slot: Settled } => true,
        { Kind: NoticeKind.Delay } => queue.Defer(notice.Slot, notice.Deferral),
        _ => await queue.SettleAsync(notice.Slot, notice.End, notice.Outcome.Code).ConfigureAwait(false),
    };

    private static NoticedRecipient ToldOf(Notice notice, Envelope envelope)
    {
        var outcome = notice.Outcome;
        var text = outcome.Text ?? string.Empty;
        var diagnostic = outcome.Code > 0 ? string.Create(CultureInfo.InvariantCulture, $"{outcome.Code} {(outcome.Enhanced.IsPresent ? $"{outcome.Enhanced} " : string.Empty)}{text}") : text;
        var until = notice.Kind is NoticeKind.Delay ? notice.GiveUpAt : default(DateTimeOffset?);
        return new NoticedRecipient(notice.Kind, envelope.Recipients[notice.Place], outcome.Enhanced, diagnostic, outcome.Code > 0 ? outcome.Mx : null, outcome.At, until);
    }

    // A short body may stand in the log apart from its front, when that is very long.
    private static ReadOnlySequence<byte>? BodyOf(StoredMessage? message) => message?.Content switch
    {
        null => default(ReadOnlySequence<byte>),
        { Length: > NoticeWriter.MaxReturned } => null,
        { Pieces: null } content => content.First,
        { } content => new ReadOnlySequence<byte>(content.ToArray()),
    };

    // GCRA on the engine's clock: waits until the next notice may be made.
    private async ValueTask PaceAsync(CancellationToken stop)
    {
        var rate = snapshot.Value.Options.System.Rate;
        var interval = (long)(clock.TimestampFrequency / rate.PerSecond);
        var now = clock.GetTimestamp();
        var wait = _next - now - (interval * (rate.Burst - 1));
        _next = Math.Max(_next, now) + interval;
        if (wait > 0)
        {
            await Task.Delay(TimeSpan.FromSeconds((double)wait / clock.TimestampFrequency), clock, stop).ConfigureAwait(false);
        }
    }
}
