namespace Engine.Daemon;

/// <summary>What one room keeps over a restart.</summary>
/// <param name="Name">File under the state directory.</param>
/// <param name="Save">Writes it all.</param>
/// <param name="Load">Reads it; throws when it is damaged.</param>
internal sealed record KeptState(string Name, Action<Stream> Save, Action<Stream> Load);
