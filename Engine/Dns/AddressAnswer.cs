using System.Net;

namespace Engine.Dns;

/// <summary>Addresses of a host, A and AAAA together, in the order of the answers.</summary>
/// <param name="Status">Failed only when neither type gave an address and at least one question failed.</param>
/// <param name="Addresses">Empty unless found.</param>
/// <param name="IsAuthentic">The AD bit of the answers.</param>
/// <param name="Expires">When to ask again.</param>
internal sealed record AddressAnswer(LookupStatus Status, IReadOnlyList<IPAddress> Addresses, bool IsAuthentic, DateTimeOffset Expires) : IAnswer
{
    /// <summary>The name that the addresses stand at, in lower case, when the host's own is an alias (CNAME) of it; else null. RFC 7672 §2.2.2.</summary>
    public string? Alias { get; init; }
}
