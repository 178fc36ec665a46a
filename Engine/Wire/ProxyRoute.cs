using System.Net;

namespace Engine.Wire;

/// <summary>A way out over a proxy that has our addresses.</summary>
/// <param name="Server">The proxy.</param>
/// <param name="Source">The address it is to leave from.</param>
internal sealed record ProxyRoute(IPEndPoint Server, IPAddress Source);
