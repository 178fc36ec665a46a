using System.Diagnostics.CodeAnalysis;
using Engine.Configuration;

namespace Engine.Cli;

/// <summary>
/// A file that appears whole under its name or not at all: it is written beside as <c>NAME.part</c>, stable on disk, then renamed. A name
/// that is taken is refused.
/// </summary>
internal sealed class NewFile : IAsyncDisposable
{
    private readonly string _path;
    private readonly string _part;
    private bool _kept;

    private NewFile(string path, FileStream content) => (_path, _part, Content) = (path, path + ".part", content);

    /// <summary>Read and write, at the beginning.</summary>
    public FileStream Content { get; }

    /// <exception cref="CliError">The name is taken.</exception>
    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "What is returned owns it.")]
    public static NewFile Make(string path)
    {
        var full = Path.GetFullPath(path);
        if (File.Exists(full))
        {
            throw new CliError(ExitCode.Usage, $"{path} is there already; it is not overwritten");
        }

        // Mail is nobody else's business.
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 1 << 20 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new NewFile(full, new FileStream(full + ".part", options));
    }

    /// <summary>Makes it stable and gives it its name.</summary>
    public void Keep()
    {
        Content.Flush(flushToDisk: true);
        File.Move(_part, _path);
        DurableFile.SyncDirectory(Path.GetDirectoryName(_path)!);
        _kept = true;
    }

    public async ValueTask DisposeAsync()
    {
        await Content.DisposeAsync().ConfigureAwait(false);
        if (!_kept)
        {
            File.Delete(_part);
        }
    }
}
