using Engine.Classification;
using Engine.Configuration;
using Engine.Delivery;
using Engine.Feedback;
using Engine.Feedback.Reading;
using Engine.Feedback.Reports;
using Engine.Mail;
using Engine.Queue;
using Engine.Reputation;
using Engine.Submission;
using Engine.Suppression;

namespace Engine.Daemon;

/// <summary>The parts that hear what comes back and act on it: feedback listeners, reports, unsubscribe links; and the desk that suppresses whom replies are about.</summary>
internal sealed class InboundParts : IDisposable
{
    private readonly CurrentSnapshot _current;
    private readonly InboundMeter _meter = new();

    public InboundParts(CurrentSnapshot current, ISuppressionList list, MailQueue queue, IIntake intake, NoticeDesk notices, ReplyClassifier classifier, ISenderWatch senders, IEvents events, Func<Task> flushEvents, TimeProvider clock, ILoggerFactory loggers)
    {
        _current = current;
        Gate = new SuppressionGate(list, current);
        Shelf = new UnparsedShelf(current, clock);
        var names = new StreamNames(current);
        var door = new InboundDoor(current, () => current.Value.Feedback.Tokens, clock);
        var writer = new SuppressionWriter(list, EntryFor, names, events, clock);
        var forwards = new ForwardDesk(current, intake, Shelf, _meter, events, clock);
        var search = new SubmitterSearch(Path.Join(current.Value.PathTo(current.Value.Options.State), "events"), address => list.DigestOf(address));
        var reports = new ReportParts(mail => new ReportReader(classifier, current.Value.Providers).Read(mail), door, writer, forwards, Shelf, names, new ReportEar(current, senders), _meter, events)
        {
            Queued = new QueuedBounces(queue, list, notices.Tell, clock),
            Submitter = new SubmitterDesk(current, names, search, notices, flushEvents, clock, loggers.CreateLogger<SubmitterDesk>()).Tell,
        };
        var desk = new ReportDesk(reports, clock);
        Feedback = new FeedbackParts(door, desk, _meter, FeedbackParts.OpenBudget(clock));
        Unsubscribe = new UnsubscribeDesk(door, writer, names, _meter, events, clock, loggers.CreateLogger<UnsubscribeDesk>());
        Suppressions = new SuppressionDesk(list, EntryFor, KeyOf, queue, notices, events, clock, loggers.CreateLogger<SuppressionDesk>());
    }

    /// <summary>Asked before each transaction.</summary>
    public SuppressionGate Gate { get; }

    /// <summary>What feedback listeners work with.</summary>
    public FeedbackParts Feedback { get; }

    /// <summary>What stands behind unsubscribe links.</summary>
    public UnsubscribeDesk Unsubscribe { get; }

    /// <summary>Mail that nothing could be read from.</summary>
    public UnparsedShelf Shelf { get; }

    /// <summary>Suppresses before a failure is made lasting.</summary>
    public SuppressionDesk Suppressions { get; }

    /// <summary>Number of an account's stream, by the configuration in force.</summary>
    public StreamKey KeyOf(string account, string stream) => _current.Value.Feedback.StreamOf(account, stream);

    /// <summary>
    /// Why an address gets no mail of an account, as far as RCPT can know: a message names its stream later. Of an account with one stream everything is known; else only what
    /// holds for all its mail.
    /// </summary>
    public async ValueTask<SuppressionReason> StandingOfAsync(Mailbox address, AccountRules account, CancellationToken stop)
    {
        var only = account.Streams.Count == 1 ? account.Default : null;
        var found = await Gate.AskAsync(Gate.DigestOf(address), account.Name, only?.Name ?? string.Empty, only?.Class ?? StreamClass.Transactional, stop).ConfigureAwait(false);
        return found is { } entry && (only is not null || entry.Scope.Class is null) ? entry.Reason : SuppressionReason.None;
    }

    public void Dispose() => _meter.Dispose();

    private SuppressionEntry EntryFor(SuppressionReason reason, SuppressionOrigin origin, AddressDigest address, StreamKey stream, DateTimeOffset now) =>
        new SuppressionRules(_current.Value.Options.Suppression).EntryFor(reason, origin, address, stream, now);
}
