namespace Engine.Demo;

/// <summary>What became of one message. Every access holds the ledger's lock for it; see <see cref="Ledger.WhenAsync(long, Func{MessageStory, bool}, CancellationToken)"/>.</summary>
internal sealed class MessageStory(long number)
{
    private readonly List<RecipientStory> _recipients = [];
    private readonly List<string> _ids = [];

    public long Number { get; } = number;

    public SubmissionState State { get; private set; }

    /// <summary>First time it was submitted.</summary>
    public DateTimeOffset? AnnouncedAt { get; private set; }

    public DateTimeOffset? AcknowledgedAt { get; private set; }

    /// <summary>The engine's ids of all submissions that were answered 250; more than one when the number was submitted again.</summary>
    public IReadOnlyList<string> Ids => _ids;

    /// <summary>How often it was submitted.</summary>
    public int Submissions { get; private set; }

    public IReadOnlyList<RecipientStory> Recipients => _recipients;

    public int SignaturesPassed { get; private set; }

    public int SignaturesFailed { get; private set; }

    /// <summary>Answered 250, and every recipient has ended.</summary>
    public bool IsSettled => State is SubmissionState.Acknowledged && AreAllEnded;

    /// <summary>Every announced recipient was delivered or refused.</summary>
    public bool AreAllEnded => _recipients.TrueForAll(one => one.IsEnded || !one.IsAnnounced);

    public bool IsDelivered => _recipients.Exists(one => one.IsDelivered);

    public bool IsDeferred => _recipients.Exists(one => one.Deferrals > 0);

    public bool IsRefused => _recipients.Exists(one => one.IsRefused);

    public RecipientStory? Find(string address) =>
        _recipients.Find(one => string.Equals(one.Address, address, StringComparison.OrdinalIgnoreCase));

    public void Announce(IReadOnlyList<string> recipients, DateTimeOffset now)
    {
        Submissions += State is SubmissionState.Announced ? 0 : 1;
        State = SubmissionState.Announced;
        AnnouncedAt ??= now;
        foreach (var address in recipients)
        {
            FindOrAdd(address).IsAnnounced = true;
        }
    }

    public void Acknowledge(string id, DateTimeOffset now)
    {
        State = SubmissionState.Acknowledged;
        AcknowledgedAt ??= now;
        _ids.Add(id);
    }

    public void Reject() => State = SubmissionState.Rejected;

    public void LoseTouch() => State = SubmissionState.Unknown;

    public void Deliver(string address, RecipientDelivery delivery) => FindOrAdd(address).Deliver(delivery);

    public void Verify(bool passed)
    {
        SignaturesPassed += passed ? 1 : 0;
        SignaturesFailed += passed ? 0 : 1;
    }

    public RecipientStory FindOrAdd(string address)
    {
        if (Find(address) is { } known)
        {
            return known;
        }

        var recipient = new RecipientStory(address, isAnnounced: false);
        _recipients.Add(recipient);
        return recipient;
    }
}
