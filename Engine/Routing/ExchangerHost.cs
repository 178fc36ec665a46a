using System.Net;
using Engine.Mail;

namespace Engine.Routing;

/// <summary>One host of a destination: a name to look up, or an address that an operator wrote into a route.</summary>
/// <param name="Preference">Lower first; equal ones are shuffled at each attempt.</param>
/// <param name="Host">Name; for a literal, its text.</param>
/// <param name="Literal">The address as written in <c>routes</c>; allowed by being written there, whatever its range.</param>
/// <param name="Port">Port to connect to.</param>
internal sealed record ExchangerHost(ushort Preference, string Host, IPAddress? Literal, int Port)
{
    /// <summary>An operator wrote it into <c>routes</c>: nobody can have put another in its place. RFC 8689 §4.2.1.</summary>
    public bool IsWritten { get; init; }

    public DomainName Name => Literal is null ? DomainName.Parse(Host) : default;
}
