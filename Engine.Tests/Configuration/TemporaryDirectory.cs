namespace Engine.Tests.Configuration;

/// <summary>A directory of one test, removed with everything in it.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("engine-configuration-");

    public string Path => _directory.FullName;

    public string this[string name] => System.IO.Path.Join(Path, name);

    /// <summary>Writes a file, readable by its owner only unless said otherwise.</summary>
    public string Write(string name, string text, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite)
    {
        var file = this[name];
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, mode);
        }

        return file;
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
