namespace Engine.Dns;

/// <summary>The answer to one question of one type, aliases followed. Immutable.</summary>
/// <param name="Status">Never <see cref="LookupStatus.NullMx"/>.</param>
/// <param name="Records">Those of the asked type, in the order of the reply. Empty unless found.</param>
/// <param name="IsAuthentic">The AD bit, when the resolver may be believed.</param>
/// <param name="Expires">When to ask again: by the lowest TTL on the way, or by the SOA for a "no".</param>
internal sealed record DnsAnswer(LookupStatus Status, IReadOnlyList<DnsRecord> Records, bool IsAuthentic, DateTimeOffset Expires) : IAnswer
{
    /// <summary>
    /// How long the resolver keeps this "no", by the SOA that came with it: the smaller of its TTL and MINIMUM (RFC 2308 §5), not bounded by
    /// <see cref="Lifetimes"/>. Null for other answers and without an SOA. A cache counts the TTL down, so the largest one seen is the zone's own.
    /// </summary>
    public TimeSpan? NegativeTtl { get; init; }

    /// <summary>The last name that aliases led to, in lower case: where the records stand, or would. Null when the name asked for was none. <see cref="IsAuthentic"/> holds for the whole way.</summary>
    public string? Alias { get; init; }

    /// <summary>It failed because no resolver of ours answered: time-out, no way there, REFUSED. False where one says that it cannot (SERVFAIL), which is the zone's fault or a broken signature.</summary>
    public bool IsSilence { get; init; }
}
