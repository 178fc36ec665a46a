using System.Collections.Concurrent;

namespace Engine.Demo;

/// <summary>Who was promised what, and what came: the account of a demo or test, kept outside the engine. Thread-safe.</summary>
/// <remarks>Generators announce and report answers; receivers report what they took, put off and refused. Either may be first.</remarks>
/// <param name="clock">Gives the times.</param>
/// <param name="file">Written before an event counts; null keeps nothing.</param>
internal sealed class Ledger(TimeProvider clock, LedgerFile? file = null)
{
    private readonly ConcurrentDictionary<long, MessageStory> _stories = new();
    private readonly ConcurrentDictionary<string, MessageStory> _byRecipient = new(StringComparer.OrdinalIgnoreCase);
    private readonly LedgerSignals _signals = new();
    private long _acknowledged;
    private long _settled;
    private long _delivered;
    private long _deferred;
    private long _refused;
    private long _verified;

    /// <summary>Figures of the moment, each exact, all together not of one instant.</summary>
    public LedgerCounts Counts => new(
        Interlocked.Read(ref _acknowledged),
        Interlocked.Read(ref _settled),
        Interlocked.Read(ref _delivered),
        Interlocked.Read(ref _deferred),
        Interlocked.Read(ref _refused),
        Interlocked.Read(ref _verified));

    /// <summary>Takes the events of a file as they happened.</summary>
    public static Ledger Replay(IEnumerable<LedgerEntry> entries)
    {
        var ledger = new Ledger(TimeProvider.System);
        foreach (var entry in entries)
        {
            ledger.Apply(entry);
        }

        return ledger;
    }

    /// <summary>The recipients must be of this message only, so that a receiver can tell it by them before it has seen its number.</summary>
    public void Announce(long number, IReadOnlyList<string> recipients)
    {
        var now = clock.GetUtcNow();
        foreach (var recipient in recipients)
        {
            file?.Append(new LedgerEntry(LedgerEntryKind.Announced, number, now, recipient));
        }

        Announce(number, recipients, now);
    }

    /// <summary>The submission was answered 250.</summary>
    public void Acknowledge(long number, string id) => Record(LedgerEntryKind.Acknowledged, number, string.Empty, id);

    /// <summary>The submission was refused for good.</summary>
    public void Reject(long number) => Record(LedgerEntryKind.Rejected, number);

    /// <summary>The connection broke without an answer.</summary>
    public void LoseTouch(long number) => Record(LedgerEntryKind.Unknown, number);

    /// <summary>A receiver put this recipient off.</summary>
    public void Defer(string recipient) => Record(LedgerEntryKind.Deferred, NumberOf(recipient), recipient);

    /// <summary>A receiver refused this recipient for good.</summary>
    public void Refuse(string recipient) => Record(LedgerEntryKind.Bounced, NumberOf(recipient), recipient);

    /// <summary>A receiver has taken a message; its answer is not yet sent.</summary>
    public void Take(Reception mail)
    {
        var now = clock.GetUtcNow();
        foreach (var recipient in mail.Recipients)
        {
            var entry = new LedgerEntry(LedgerEntryKind.Taken, mail.Number, now, recipient, mail.EngineId);
            file?.Append(entry);
            Change(entry, mail.TlsVersion);
        }
    }

    /// <summary>The receiver's 250 is on its way.</summary>
    public void Answer(Reception mail)
    {
        foreach (var recipient in mail.Recipients)
        {
            Record(LedgerEntryKind.Confirmed, mail.Number, recipient, mail.EngineId);
        }
    }

    /// <summary>The signatures of a message taken were checked.</summary>
    public void Verify(long number, bool passed) => Record(passed ? LedgerEntryKind.Passed : LedgerEntryKind.Failed, number);

    /// <summary>Looks at one story while nobody changes it.</summary>
    public T Read<T>(long number, Func<MessageStory, T> look)
    {
        var story = StoryOf(number);
        lock (story)
        {
            return look(story);
        }
    }

    /// <summary>Looks at every story, one after the other.</summary>
    public IEnumerable<T> ReadAll<T>(Func<MessageStory, T> look) => _stories.Keys.Order().Select(number => Read(number, look));

    /// <summary>Completes when the message's story is as wanted.</summary>
    /// <param name="number">The message, known or not yet.</param>
    /// <param name="condition">Called under the story's lock: quick, and no calls back.</param>
    /// <param name="stop">Ends the wait with an exception.</param>
    public Task WhenAsync(long number, Func<MessageStory, bool> condition, CancellationToken stop) =>
        _signals.WhenAsync(() => Read(number, condition), number, stop);

    /// <summary>Completes when the figures are as wanted.</summary>
    public Task WhenAsync(Func<LedgerCounts, bool> condition, CancellationToken stop) =>
        _signals.WhenAsync(() => condition(Counts), number: null, stop);

    /// <summary>Completes when everything acknowledged is settled. Meant for when nothing more is submitted.</summary>
    public Task SettledAsync(CancellationToken stop) => WhenAsync(static counts => counts.Settled == counts.Acknowledged, stop);

    private static void Update(MessageStory story, in LedgerEntry entry, string? tlsVersion)
    {
        switch (entry.Kind)
        {
            case LedgerEntryKind.Acknowledged:
                story.Acknowledge(entry.Detail, entry.Time);
                break;
            case LedgerEntryKind.Rejected:
                story.Reject();
                break;
            case LedgerEntryKind.Unknown:
                story.LoseTouch();
                break;
            case LedgerEntryKind.Deferred:
                story.FindOrAdd(entry.Recipient).Defer(entry.Time);
                break;
            case LedgerEntryKind.Bounced:
                story.FindOrAdd(entry.Recipient).Refuse(entry.Time);
                break;
            case LedgerEntryKind.Taken:
                story.Deliver(entry.Recipient, new RecipientDelivery(entry.Time, entry.Detail) { TlsVersion = tlsVersion });
                break;
            case LedgerEntryKind.Confirmed:
                story.Find(entry.Recipient)?.Answer(entry.Detail, entry.Time);
                break;
            case LedgerEntryKind.Passed or LedgerEntryKind.Failed:
                story.Verify(entry.Kind is LedgerEntryKind.Passed);
                break;
            default:
                throw new InvalidOperationException($"{entry.Kind} is no change of a story.");
        }
    }

    private void Apply(in LedgerEntry entry)
    {
        if (entry.Kind is LedgerEntryKind.Announced)
        {
            Announce(entry.Number, [entry.Recipient], entry.Time);
        }
        else
        {
            Change(entry);
        }
    }

    private void Announce(long number, IReadOnlyList<string> recipients, DateTimeOffset now)
    {
        var story = StoryOf(number);
        foreach (var recipient in recipients)
        {
            _byRecipient.TryAdd(recipient, story);
        }

        lock (story)
        {
            var before = Standing.Of(story);
            story.Announce(recipients, now);
            Count(before, Standing.Of(story));
        }

        _signals.Look(number);
    }

    private void Record(LedgerEntryKind kind, long number, string recipient = "", string detail = "")
    {
        var entry = new LedgerEntry(kind, number, clock.GetUtcNow(), recipient, detail);
        file?.Append(entry);
        Change(entry);
    }

    private void Change(in LedgerEntry entry, string? tlsVersion = null)
    {
        var story = StoryOf(entry.Number);
        lock (story)
        {
            var before = Standing.Of(story);
            Update(story, entry, tlsVersion);
            Count(before, Standing.Of(story));
        }

        _signals.Look(entry.Number);
    }

    private void Count(Standing before, Standing after)
    {
        Interlocked.Add(ref _acknowledged, after.Acknowledged - before.Acknowledged);
        Interlocked.Add(ref _settled, after.Settled - before.Settled);
        Interlocked.Add(ref _delivered, after.Delivered - before.Delivered);
        Interlocked.Add(ref _deferred, after.Deferred - before.Deferred);
        Interlocked.Add(ref _refused, after.Refused - before.Refused);
        Interlocked.Add(ref _verified, after.Verified - before.Verified);
    }

    private MessageStory StoryOf(long number) => _stories.GetOrAdd(number, static key => new MessageStory(key));

    private long NumberOf(string recipient) => _byRecipient.TryGetValue(recipient, out var story) ? story.Number : 0;

    /// <summary>What one message adds to the figures.</summary>
    private readonly record struct Standing(int Acknowledged, int Settled, int Delivered, int Deferred, int Refused, int Verified)
    {
        public static Standing Of(MessageStory story)
        {
            var (delivered, deferred, refused) = (0, 0, 0);
            foreach (var recipient in story.Recipients)
            {
                delivered += recipient.Deliveries.Count;
                deferred += recipient.Deferrals > 0 ? 1 : 0;
                refused += recipient.IsRefused ? 1 : 0;
            }

            return new Standing(
                story.State is SubmissionState.Acknowledged ? 1 : 0,
                story.IsSettled ? 1 : 0,
                delivered,
                deferred,
                refused,
                story.SignaturesPassed + story.SignaturesFailed);
        }
    }
}
