using Engine.Configuration;

namespace Engine.Daemon;

/// <summary>What one room keeps over a restart.</summary>
/// <param name="Name">File under the state directory.</param>
/// <param name="Save">Writes the file at this path, durably.</param>
/// <param name="Load">Reads the file at this path, which exists; throws when it is damaged.</param>
internal sealed record KeptState(string Name, Action<string> Save, Action<string> Load)
{
    /// <summary>For a room that writes and reads a stream.</summary>
    public static KeptState OfStream(string name, Action<Stream> save, Action<Stream> load) => new(
        name,
        path =>
        {
            using var buffer = new MemoryStream();
            save(buffer);
            DurableFile.Replace(path, buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
        },
        path =>
        {
            using var file = File.OpenRead(path);
            load(file);
        });
}
