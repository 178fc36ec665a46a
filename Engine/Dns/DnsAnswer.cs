namespace Engine.Dns;

/// <summary>The answer to one question of one type, aliases followed. Immutable.</summary>
/// <param name="Status">Never <see cref="LookupStatus.NullMx"/>.</param>
/// <param name="Records">Those of the asked type, in the order of the reply. Empty unless found.</param>
/// <param name="IsAuthentic">The AD bit, when the resolver may be believed.</param>
/// <param name="Expires">When to ask again: by the lowest TTL on the way, or by the SOA for a "no".</param>
internal sealed record DnsAnswer(LookupStatus Status, IReadOnlyList<DnsRecord> Records, bool IsAuthentic, DateTimeOffset Expires) : IAnswer;
