namespace Engine.Suppression.Bulk;

/// <summary>Columns of an import, in the order they have without a heading.</summary>
internal enum ImportColumn : byte
{
    Address,
    Scope,
    Account,
    Stream,
    Class,
    Reason,
    Expires,
    Added,
}
