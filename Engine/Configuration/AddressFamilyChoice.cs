using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>Which addresses of an exchanger are tried, and which first. A source only reaches its own family.</summary>
internal enum AddressFamilyChoice : byte
{
    [Spelled("ipv4-first")]
    Ipv4First,
    [Spelled("ipv6-first")]
    Ipv6First,
    [Spelled("ipv4-only")]
    Ipv4Only,
    [Spelled("ipv6-only")]
    Ipv6Only,
}
