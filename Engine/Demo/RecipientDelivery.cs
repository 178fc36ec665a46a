namespace Engine.Demo;

/// <summary>One time a recipient's message was taken by a receiver.</summary>
/// <param name="takenAt">When the receiver had it whole.</param>
/// <param name="engineId">Id in the topmost Received field; empty when there was none.</param>
internal sealed class RecipientDelivery(DateTimeOffset takenAt, string engineId)
{
    public DateTimeOffset TakenAt { get; } = takenAt;

    public string EngineId { get; } = engineId;

    /// <summary>When the 250 was handed to the socket; null when the connection broke before, or has not come so far.</summary>
    public DateTimeOffset? AnsweredAt { get; set; }

    /// <summary>TLS version; null in the clear.</summary>
    public string? TlsVersion { get; init; }
}
