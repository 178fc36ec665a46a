using Engine.Queue.Logs;

namespace Engine.Tests.Queue;

/// <summary>A real spool whose generation 0 lies on a disk that fails when told to.</summary>
internal sealed class FailingSpool(string directory, ILogDisk first) : ISpoolDisk
{
    private readonly SpoolDisk _rest = new(directory, durable: false);

    /// <summary>Thrown by the next snapshot.</summary>
    public Exception? SnapshotFault { get; set; }

    public ILogDisk Log(int generation) => generation == 0 ? first : _rest.Log(generation);

    public IReadOnlyList<int> Snapshots() => _rest.Snapshots();

    public string NameOfSnapshot(int number) => _rest.NameOfSnapshot(number);

    public Stream OpenSnapshot(int number) => _rest.OpenSnapshot(number);

    public void WriteSnapshot(int number, Action<Stream> write) => _rest.WriteSnapshot(number, SnapshotFault is { } fault ? _ => throw fault : write);

    public void RemoveSnapshot(int number) => _rest.RemoveSnapshot(number);

    public void Dispose() => _rest.Dispose();
}
