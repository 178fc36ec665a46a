using Engine.Configuration;
using Engine.Mail;
using Engine.Reputation;

namespace Engine.Feedback;

/// <summary>What a judgement needs to know besides the outcome.</summary>
internal readonly record struct OutcomeFacts
{
    public required DateTimeOffset Now { get; init; }

    public required DateTimeOffset GiveUpAt { get; init; }

    /// <summary>Attempts that counted before this one.</summary>
    public required int Attempts { get; init; }

    /// <summary>Of the last counted attempt; default for none.</summary>
    public required Category LastCategory { get; init; }

    public required Flow Flow { get; init; }

    /// <summary>Id of the provider; null for none of the named ones.</summary>
    public required string? Provider { get; init; }

    /// <summary>Provider, or the destination by its own name; null when it was not sent.</summary>
    public required string? Operator { get; init; }

    /// <summary>Name of the source; null when it was not sent.</summary>
    public required string? Source { get; init; }

    /// <summary>The flow's pool; null when it has none now.</summary>
    public required Pool? Pool { get; init; }

    /// <summary>Messages sent on the connection, this one included.</summary>
    public required int MessagesOnConnection { get; init; }

    public required RetryOptions Retry { get; init; }

    /// <summary>Somebody of the same transaction was delivered.</summary>
    public bool OthersDelivered { get; init; }
}
