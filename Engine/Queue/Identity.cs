using System.Text.Json;
using Engine.Queue.Logs;

namespace Engine.Queue;

/// <summary>
/// Whose state directory this is: file <c>state/identity</c> names node and machine. State that was restored or copied elsewhere is
/// foreign: the engine starts held, so that a snapshot of yesterday does not send again, until <c>engine adopt</c>.
/// </summary>
internal sealed class Identity
{
    private const string FileName = "identity";
    private const string MachineIdFile = "/etc/machine-id";

    private readonly string _directory;
    private readonly Written _here;

    private Identity(string directory, Written here, Written? written)
    {
        _directory = directory;
        _here = here;
        Known = written;
    }

    /// <summary>True when the state was written by another node or on another machine.</summary>
    public bool IsForeign => Known is not null && Known != _here;

    /// <summary>What the file said; null for a fresh directory.</summary>
    public Written? Known { get; private set; }

    /// <summary>Reads the file, or writes it when the directory is fresh.</summary>
    /// <param name="stateDirectory">Key <c>state</c>; made when absent.</param>
    /// <param name="node">Key <c>node</c>.</param>
    /// <param name="machineId">Null reads <c>/etc/machine-id</c>; where that is missing, machines cannot be told apart.</param>
    /// <exception cref="QueueDamagedException">The file cannot be read.</exception>
    public static Identity Open(string stateDirectory, int node, string? machineId = null)
    {
        Directory.CreateDirectory(stateDirectory);
        var identity = new Identity(stateDirectory, new Written(node, machineId ?? ReadMachineId()), Read(stateDirectory));
        if (identity.Known is null)
        {
            identity.Adopt();
        }

        return identity;
    }

    /// <summary>Makes the state this machine's own, stably: written beside, then renamed.</summary>
    public void Adopt()
    {
        var path = Path.Join(_directory, FileName);
        var fresh = path + ".new";
        using (var file = new FileStream(fresh, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            JsonSerializer.Serialize(file, _here);
            file.Flush(flushToDisk: true);
        }

        File.Move(fresh, path, overwrite: true);
        NativeFile.FlushDirectory(_directory);
        Known = _here;
    }

    private static string ReadMachineId() => File.Exists(MachineIdFile) ? File.ReadAllText(MachineIdFile).Trim() : string.Empty;

    private static Written? Read(string directory)
    {
        var path = Path.Join(directory, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<Written>(File.ReadAllBytes(path)) ?? throw new JsonException("it is empty");
        }
        catch (JsonException fault)
        {
            throw new QueueDamagedException($"{path} cannot be read: {fault.Message}. Remove it, and start with --held, if the state is this machine's.", fault);
        }
    }

    /// <summary>Content of the file.</summary>
    /// <param name="Node">Key <c>node</c>.</param>
    /// <param name="MachineId">Of the machine; empty where it has none.</param>
    internal sealed record Written(int Node, string MachineId);
}
