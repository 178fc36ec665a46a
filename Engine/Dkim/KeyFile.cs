namespace Engine.Dkim;

/// <summary>A key file found by convention, not read.</summary>
/// <param name="Name">File name in <c>dkim.directory</c>.</param>
/// <param name="Selector">s=</param>
/// <param name="Stamp">As it was when the ring was loaded.</param>
internal readonly record struct KeyFile(string Name, string Selector, FileStamp Stamp);
