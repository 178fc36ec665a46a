using Engine.Mail;

namespace Engine.Queue;

/// <summary>What one attempt at a message brought, on its way from delivery to feedback. Whoever takes it disposes of the message.</summary>
/// <param name="Message">The message as read; null when there was no need to read it or it could not be read.</param>
/// <param name="Outcomes">One for each recipient of the attempt.</param>
/// <param name="Pool">Pool it left by; null when it did not come so far.</param>
internal sealed record Attempt(StoredMessage? Message, IReadOnlyList<Outcome> Outcomes, string? Pool)
{
    /// <summary>Id of the provider it went to; null for none of the named ones, or when it was not sent.</summary>
    public string? Provider { get; init; }

    /// <summary>Whose rules hold there: the provider, else the destination by its own name; null when it was not sent.</summary>
    public string? Operator { get; init; }

    /// <summary>Messages sent on the connection, this one included; 0 when none was open.</summary>
    public int MessagesOnConnection { get; init; }
}
