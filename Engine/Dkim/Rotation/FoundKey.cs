namespace Engine.Dkim.Rotation;

/// <summary>A key file as it lies in <c>dkim.directory</c>.</summary>
/// <param name="Selector">From its name.</param>
/// <param name="KeyType">k=.</param>
/// <param name="Written">Date of the file.</param>
internal readonly record struct FoundKey(string Selector, string KeyType, DateTimeOffset Written);
