using System.Net;

namespace Engine.Preflight.Rotation;

/// <summary>A name server of a zone.</summary>
/// <param name="Host">As the NS record names it.</param>
/// <param name="Addresses">Its addresses that may be asked, IPv4 first; empty when it has none.</param>
internal sealed record NameServer(string Host, IReadOnlyList<IPEndPoint> Addresses);
