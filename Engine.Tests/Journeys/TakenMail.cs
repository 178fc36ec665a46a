namespace Engine.Tests.Journeys;

/// <summary>A message as <see cref="MailboxPeer"/> took it.</summary>
/// <param name="From">Behind MAIL FROM:, parameters and all.</param>
/// <param name="To">Behind each RCPT TO: it accepted.</param>
/// <param name="Content">Header and body, dots taken out.</param>
internal sealed record TakenMail(string From, IReadOnlyList<string> To, string Content)
{
    /// <summary>The reverse path without brackets and parameters.</summary>
    public string Sender => From[(From.IndexOf('<', StringComparison.Ordinal) + 1)..From.IndexOf('>', StringComparison.Ordinal)];
}
