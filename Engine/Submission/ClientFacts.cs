using System.Net;

namespace Engine.Submission;

/// <summary>Who is connected. Fixed for the life of a connection.</summary>
/// <param name="Listener">The listener as it was when the connection came.</param>
/// <param name="Address">Of the client; IPv4 that came through an IPv6 socket stands as IPv4.</param>
/// <param name="Session">Number of the connection, for events.</param>
/// <param name="CanSecure">Whether a certificate is loaded.</param>
internal sealed record ClientFacts(ListenerRules Listener, IPAddress Address, long Session, bool CanSecure)
{
    public bool IsLoopback { get; } = IPAddress.IsLoopback(Address);
}
