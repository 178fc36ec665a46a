namespace Engine.Demo;

/// <summary>The account at the end. Nothing may change the ledger while it is drawn up.</summary>
internal sealed record LedgerSummary
{
    public long Announced { get; init; }

    /// <summary>Messages answered 250.</summary>
    public long Accepted { get; init; }

    public long Rejected { get; init; }

    /// <summary>Messages whose submission broke off without an answer and was not repeated with success.</summary>
    public long Unknown { get; init; }

    /// <summary>Recipients of accepted messages. Those below count recipients too.</summary>
    public long Recipients { get; init; }

    public long Delivered { get; init; }

    /// <summary>Delivered over TLS.</summary>
    public long DeliveredByTls { get; init; }

    public long Bounced { get; init; }

    /// <summary>Put off at least once, then delivered.</summary>
    public long DeferredThenDelivered { get; init; }

    /// <summary>Of accepted messages, neither delivered nor bounced.</summary>
    public long Lost { get; init; }

    /// <summary>Deliveries beyond the first.</summary>
    public long Duplicates { get; init; }

    /// <summary>Taken by a receiver, but submitted by nobody: no number, or not to this recipient.</summary>
    public long Strangers { get; init; }

    /// <summary>Accepted messages that were delivered to somebody, but with no signature found good.</summary>
    public long Unverified { get; init; }

    /// <summary>Mails as received whose signatures held; a message that came in several transactions counts for each.</summary>
    public long SignaturesVerified { get; init; }

    public long SignaturesFailed { get; init; }

    /// <summary>From the first announcement to the last acknowledgement.</summary>
    public TimeSpan SubmissionTime { get; init; }

    /// <summary>From the first announcement to the last delivery.</summary>
    public TimeSpan DeliveryTime { get; init; }

    /// <summary>From the start of a submission to its 250.</summary>
    public Latencies AcceptLatency { get; init; } = Latencies.Of([]);

    /// <summary>From the start of a submission to the delivery, of recipients never put off.</summary>
    public Latencies DeliveryLatency { get; init; } = Latencies.Of([]);

    /// <summary>The same of recipients put off.</summary>
    public Latencies DeferredLatency { get; init; } = Latencies.Of([]);

    public static LedgerSummary Of(Ledger ledger)
    {
        var stories = ledger.ReadAll(static story => story).ToArray();
        var accepted = stories.Where(static story => story.State is SubmissionState.Acknowledged).ToArray();
        var recipients = accepted.SelectMany(static story => story.Recipients).Where(static one => one.IsAnnounced).ToArray();
        var start = stories.Min(static story => story.AnnouncedAt);
        return new LedgerSummary
        {
            Announced = stories.LongCount(static story => story.Submissions > 0),
            Accepted = accepted.Length,
            Rejected = stories.LongCount(static story => story.State is SubmissionState.Rejected),
            Unknown = stories.LongCount(static story => story.State is SubmissionState.Unknown or SubmissionState.Announced),
            Recipients = recipients.Length,
            Delivered = recipients.LongCount(static one => one.IsDelivered),
            DeliveredByTls = recipients.LongCount(static one => one.IsDelivered && one.Deliveries[0].TlsVersion is not null),
            Bounced = recipients.LongCount(static one => one.IsRefused && !one.IsDelivered),
            DeferredThenDelivered = recipients.LongCount(static one => one.Deferrals > 0 && one.IsDelivered),
            Lost = recipients.LongCount(static one => !one.IsEnded),
            Duplicates = stories.SelectMany(static story => story.Recipients).Sum(static one => Math.Max(0, one.Deliveries.Count - 1)),
            Strangers = stories.SelectMany(static story => story.Recipients).LongCount(static one => !one.IsAnnounced),
            SignaturesVerified = stories.Sum(static story => story.SignaturesPassed),
            Unverified = accepted.LongCount(static story => story.IsDelivered && story.SignaturesPassed == 0),
            SignaturesFailed = stories.Sum(static story => story.SignaturesFailed),
            SubmissionTime = accepted.Max(static story => story.AcknowledgedAt) - start ?? TimeSpan.Zero,
            DeliveryTime = recipients.Max(static one => one.IsDelivered ? one.Deliveries[0].TakenAt : (DateTimeOffset?)null) - start ?? TimeSpan.Zero,
            AcceptLatency = Latencies.Of(accepted.Select(static story => (story.AcknowledgedAt - story.AnnouncedAt)!.Value)),
            DeliveryLatency = Latencies.Of(DeliveryTimes(accepted, wasDeferred: false)),
            DeferredLatency = Latencies.Of(DeliveryTimes(accepted, wasDeferred: true)),
        };
    }

    private static IEnumerable<TimeSpan> DeliveryTimes(IEnumerable<MessageStory> stories, bool wasDeferred) =>
        from story in stories
        from recipient in story.Recipients
        where recipient.IsAnnounced && recipient.IsDelivered && recipient.Deferrals > 0 == wasDeferred
        select recipient.Deliveries[0].TakenAt - story.AnnouncedAt!.Value;
}
