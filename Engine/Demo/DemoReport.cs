using System.Text.Json;
using System.Text.Json.Serialization;

namespace Engine.Demo;

/// <summary>The final table. Recipients are counted where a message can have several: delivered, bounced, deferred.</summary>
internal sealed record DemoReport
{
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web);

    /// <summary>Whether everything held; the exit code says the same.</summary>
    public bool Held => Faults.Count == 0;

    /// <summary>What did not hold, as sentences.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    public long Messages { get; init; }

    public long Accepted { get; init; }

    public long Recipients { get; init; }

    public long Delivered { get; init; }

    public long DeliveredByTls { get; init; }

    public long Bounced { get; init; }

    public long DeferredThenDelivered { get; init; }

    /// <summary>Mails as received whose signatures held; a message that came in several transactions counts for each.</summary>
    public long SignaturesVerified { get; init; }

    public long SignaturesFailed { get; init; }

    public long Lost { get; init; }

    public long Duplicates { get; init; }

    /// <summary>Recipients the engine still holds at the end.</summary>
    public long Queued { get; init; }

    public double Seconds { get; init; }

    /// <summary>Messages a second, from the first submission to the last 250.</summary>
    public double AcceptedPerSecond { get; init; }

    /// <summary>Deliveries a second, from the first submission to the last delivery; waits for greylisting count in.</summary>
    public double DeliveredPerSecond { get; init; }

    /// <summary>Submission to 250, milliseconds.</summary>
    public required Latencies AcceptMs { get; init; }

    /// <summary>Submission to delivery of those never put off, milliseconds.</summary>
    public required Latencies DeliverMs { get; init; }

    /// <summary>Submission to delivery of those put off, milliseconds.</summary>
    public required Latencies DeferredMs { get; init; }

    [JsonIgnore]
    public int ExitCode => Held ? 0 : 1;

    public string ToJson() => JsonSerializer.Serialize(this, Form);
}
