namespace Engine.Configuration.Reading;

/// <summary>A key and its value.</summary>
/// <param name="Name">The key.</param>
/// <param name="Line">Line of the key, from 1.</param>
/// <param name="Value">The value; its file is the key's.</param>
internal sealed record SettingMember(string Name, int Line, Setting Value);
