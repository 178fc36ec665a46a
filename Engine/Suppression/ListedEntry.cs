namespace Engine.Suppression;

/// <summary>An entry as it is listed.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Address">Its address as it was given; empty when only the digest is known.</param>
internal readonly record struct ListedEntry(SuppressionEntry Entry, string Address);
