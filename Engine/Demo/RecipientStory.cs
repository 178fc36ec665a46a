namespace Engine.Demo;

/// <summary>What became of one recipient of one message. Guarded by its message's story.</summary>
/// <param name="address">As announced, or as the receiver heard it.</param>
/// <param name="isAnnounced">False for a recipient nobody submitted.</param>
internal sealed class RecipientStory(string address, bool isAnnounced)
{
    private readonly List<RecipientDelivery> _deliveries = [];

    public string Address { get; } = address;

    /// <summary>False for a recipient nobody submitted.</summary>
    public bool IsAnnounced { get; set; } = isAnnounced;

    /// <summary>In the order they were taken; more than one is a duplicate.</summary>
    public IReadOnlyList<RecipientDelivery> Deliveries => _deliveries;

    public int Deferrals { get; private set; }

    public DateTimeOffset? FirstDeferredAt { get; private set; }

    public DateTimeOffset? RefusedAt { get; private set; }

    public bool IsDelivered => _deliveries.Count > 0;

    public bool IsRefused => RefusedAt is not null;

    /// <summary>Delivered or refused for good.</summary>
    public bool IsEnded => IsDelivered || IsRefused;

    public void Defer(DateTimeOffset now)
    {
        Deferrals++;
        FirstDeferredAt ??= now;
    }

    public void Refuse(DateTimeOffset now) => RefusedAt ??= now;

    public void Deliver(RecipientDelivery delivery) => _deliveries.Add(delivery);

    /// <summary>Notes the answer to the earliest delivery of this id that has none.</summary>
    public void Answer(string engineId, DateTimeOffset now)
    {
        if (_deliveries.Find(one => one.AnsweredAt is null && one.EngineId == engineId) is { } delivery)
        {
            delivery.AnsweredAt = now;
        }
    }
}
