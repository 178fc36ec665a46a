namespace Engine.Mail;

/// <summary>Everything about a message but its octets: who sent it, to whom, for which account, until when.</summary>
internal sealed record Envelope
{
    public required MessageId Id { get; init; }

    /// <summary>MAIL FROM; the null path for notices.</summary>
    public required Mailbox Sender { get; init; }

    /// <summary>At least one, at most 65 535; a recipient's index is its name in every later record.</summary>
    public required IReadOnlyList<Recipient> Recipients { get; init; }

    public required string Account { get; init; }

    /// <summary>Name of the account's stream; empty for the account's only, unnamed one.</summary>
    public string Stream { get; init; } = string.Empty;

    public StreamClass Class { get; init; }

    /// <summary>Pool asked for by the stream or the message; empty for the default.</summary>
    public string Pool { get; init; } = string.Empty;

    public string Campaign { get; init; } = string.Empty;

    public Engagement Engagement { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public required DateTimeOffset Accepted { get; init; }

    /// <summary>First attempt not before; at or before <see cref="Accepted"/> means at once.</summary>
    public DateTimeOffset NotBefore { get; init; }

    /// <summary>When the stream or the message gives up; null leaves it to <c>delivery.giveUp</c>.</summary>
    public DateTimeOffset? GiveUp { get; init; }

    public ReturnContent Return { get; init; }

    /// <summary>ENVID as given (xtext); null when absent. RFC 3461 §4.4.</summary>
    public string? EnvelopeId { get; init; }

    public BodyNeeds Needs { get; init; }

    /// <summary>Domain of the From header, for flows and DKIM; empty when there is none to read.</summary>
    public DomainName HeaderFrom { get; init; }

    /// <summary>Message-ID header without brackets; empty when it could not be read.</summary>
    public string HeaderMessageId { get; init; } = string.Empty;

    /// <summary>The submitting client's address; empty for mail of our own.</summary>
    public string Client { get; init; } = string.Empty;

    /// <summary>The credential it logged in with; empty for none.</summary>
    public string Credential { get; init; } = string.Empty;

    /// <summary>True for notices the engine writes itself: never answered by a notice, sent by key <c>system</c>.</summary>
    public bool IsNotice { get; init; }
}
