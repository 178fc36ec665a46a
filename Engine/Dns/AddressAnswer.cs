using System.Net;

namespace Engine.Dns;

/// <summary>Addresses of a host, A and AAAA together, in the order of the answers.</summary>
/// <param name="Status">Failed only when neither type gave an address and at least one question failed.</param>
/// <param name="Addresses">Empty unless found.</param>
/// <param name="IsAuthentic">The AD bit of the answers.</param>
/// <param name="Expires">When to ask again.</param>
internal sealed record AddressAnswer(LookupStatus Status, IReadOnlyList<IPAddress> Addresses, bool IsAuthentic, DateTimeOffset Expires) : IAnswer;
