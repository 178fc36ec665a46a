namespace Engine.Suppression;

/// <summary>How far a suppression reaches. The numbers are part of stored digests.</summary>
internal enum ScopeKind : byte
{
    Global = 1,
    Account = 2,
    Stream = 3,
}
