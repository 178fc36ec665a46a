namespace Engine.Classification;

/// <summary>What a fuse of <see cref="SuppressionBreaker"/> watches over.</summary>
internal enum FuseKind : byte
{
    /// <summary>A provider, or a destination of none.</summary>
    Operator,
    Account,
}
