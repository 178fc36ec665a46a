using System.Net;
using Engine.Mail;

namespace Engine.Configuration;

/// <summary>A host written in engine.json: a name or an address, and a port.</summary>
/// <param name="Name">The name; empty where an address is written.</param>
/// <param name="Address">The address; null where a name is written.</param>
/// <param name="Port">From 1 to 65535.</param>
internal readonly record struct HostPort(DomainName Name, IPAddress? Address, int Port)
{
    public override string ToString() =>
        Address is null ? FormattableString.Invariant($"{Name}:{Port}") : new IPEndPoint(Address, Port).ToString();
}
