namespace Engine.Configuration.Shapes;

/// <summary>Forms of the names in a map.</summary>
internal enum KeyForm : byte
{
    /// <summary>Letters, digits, <c>-</c>, <c>_</c> and <c>.</c>, up to 64, the first a letter or digit.</summary>
    Name,

    /// <summary>Names joined by <c>/</c>.</summary>
    NamePath,

    /// <summary>A domain name, or <c>*</c>. Bound in its one form: lower case, A-labels.</summary>
    Domain,
}
