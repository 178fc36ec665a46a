namespace Engine.Configuration;

/// <summary>
/// The overrides cannot be read. With a pause forgotten mail would leave, so nothing starts; the message names the file and the line.
/// </summary>
internal sealed class OverridesDamagedException(string message, Exception? inner = null) : Exception(message, inner);
