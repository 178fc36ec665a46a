namespace Engine.Reputation;

/// <summary>What control allows one key now.</summary>
/// <param name="RatePerSecond">Recipients per second; null leaves it to the configured limits.</param>
/// <param name="Connections">Connections at once; null leaves it to the configured limits.</param>
/// <param name="MessagesPerConnection">Learned or set; null leaves it to the configured limits.</param>
/// <param name="PausedUntil">Nothing before then; <see cref="DateTimeOffset.MinValue"/> when it may go.</param>
/// <param name="Rule">What set it so: a reply rule or a rule of control, for events and <c>why</c>.</param>
/// <param name="Since">When it was last changed.</param>
internal readonly record struct Allowance(double? RatePerSecond, int? Connections, int? MessagesPerConnection, DateTimeOffset PausedUntil, string Rule, DateTimeOffset Since)
{
    /// <summary>Recipients in one transaction, learned; null leaves it to the configured limits.</summary>
    public int? RecipientsPerTransaction { get; init; }
}
