namespace Engine.Preflight.Spf;

/// <summary>Mechanisms. RFC 7208 §5.</summary>
internal enum SpfKind : byte
{
    All,
    Include,
    A,
    Mx,
    Ptr,
    Ip4,
    Ip6,
    Exists,
}
