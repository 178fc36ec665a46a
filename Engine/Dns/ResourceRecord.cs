namespace Engine.Dns;

/// <summary>A record with its owner, as a responder sends it.</summary>
/// <param name="Owner">Text form of <see cref="WireName"/>.</param>
/// <param name="Ttl">Seconds.</param>
/// <param name="Content">Its type and data.</param>
internal sealed record ResourceRecord(string Owner, uint Ttl, DnsRecord Content);
