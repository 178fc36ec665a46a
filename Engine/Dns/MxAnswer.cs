namespace Engine.Dns;

/// <summary>Where a domain's mail goes.</summary>
/// <param name="Status">Found also for the implicit MX (RFC 5321 §5.1): the domain has no MX but an address.</param>
/// <param name="Hosts">By ascending preference, those of equal preference in the order of the answer; each caller shuffles for itself. Empty unless found.</param>
/// <param name="IsImplicit">True when the domain stands in for its missing MX.</param>
/// <param name="IsAuthentic">The AD bit of every answer that led here.</param>
/// <param name="Expires">When to ask again.</param>
internal sealed record MxAnswer(LookupStatus Status, IReadOnlyList<MailExchanger> Hosts, bool IsImplicit, bool IsAuthentic, DateTimeOffset Expires) : IAnswer;
