namespace Engine.Configuration;

/// <summary>Which addresses of an exchanger are tried, and which first. A source only reaches its own family.</summary>
internal enum AddressFamilyChoice : byte
{
    Ipv4First,
    Ipv6First,
    Ipv4Only,
    Ipv6Only,
}
