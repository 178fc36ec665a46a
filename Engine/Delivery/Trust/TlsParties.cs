using System.Net;

namespace Engine.Delivery.Trust;

/// <summary>Who spoke with whom, for a report.</summary>
/// <param name="From">Our address as the world sees it; null when the host chose.</param>
/// <param name="Host">The exchanger.</param>
/// <param name="To">Its address.</param>
/// <param name="Helo">What it calls itself; null before it spoke.</param>
internal readonly record struct TlsParties(IPAddress? From, string Host, IPAddress To, string? Helo);
