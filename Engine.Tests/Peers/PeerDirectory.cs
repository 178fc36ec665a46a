namespace Engine.Tests.Peers;

/// <summary>A temporary directory for the files of one peer. Deleted with its content when disposed.</summary>
internal sealed class PeerDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("engine-peer-").FullName;

    public string PathTo(string file) => System.IO.Path.Join(Path, file);

    /// <summary>Writes a file and gives its full path.</summary>
    public string Write(string file, string text)
    {
        var path = PathTo(file);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
