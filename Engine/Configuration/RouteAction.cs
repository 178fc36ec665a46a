namespace Engine.Configuration;

/// <summary>What a route does.</summary>
internal enum RouteAction : byte
{
    Send,
    Hold,
    Discard,
}
