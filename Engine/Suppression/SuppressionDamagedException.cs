namespace Engine.Suppression;

/// <summary>The list on disk cannot be trusted, or is not this key's. The start is refused: mail to those on it would be sent.</summary>
internal sealed class SuppressionDamagedException(string file, string fault, Exception? inner = null) : Exception($"{file}: {fault}", inner)
{
    public string File { get; } = file;
}
