using Engine.Queue.Logs;

namespace Engine.Tests.Failures.Crash;

/// <summary>One holder of the lab's files, from opening to closing or crash. It does the steps of <see cref="SpoolDisk"/> in the same order.</summary>
internal sealed class MemorySpool(LabDisk disk, int session) : ISpoolDisk
{
    private readonly MemoryLogDisk[] _logs = [.. Enumerable.Range(0, Generations.Count).Select(generation => new MemoryLogDisk(disk, session, generation))];

    public ILogDisk Log(int generation) => _logs[generation];

    public IReadOnlyList<int> Snapshots() =>
        disk.Ask(session, LabFile.Snapshot(0), static image => image.Files.Keys.Where(static file => file.Generation < 0).Select(static file => file.Number).Order().ToArray());

    public string NameOfSnapshot(int number) => LabFile.Snapshot(number).Path;

    public Stream OpenSnapshot(int number) => disk.Ask(session, LabFile.Snapshot(number), image =>
        new MemoryStream(image.Find(LabFile.Snapshot(number)) ?? throw new FileNotFoundException($"{LabFile.Snapshot(number)} is missing"), writable: false));

    public void WriteSnapshot(int number, Action<Stream> write)
    {
        var file = LabFile.Snapshot(number);
        using var draft = new DraftStream(octets => Do(new DiskOperation(OperationKind.Draft, file) { Octets = octets }));
        write(draft);
        Do(new DiskOperation(OperationKind.Flush, file));
        Do(new DiskOperation(OperationKind.Publish, file) { Octets = draft.ToArray(), Offset = draft.Length });
        Do(new DiskOperation(OperationKind.FlushNames, file));
    }

    public void RemoveSnapshot(int number) => Do(new DiskOperation(OperationKind.Remove, LabFile.Snapshot(number)));

    public void Dispose()
    {
    }

    private void Do(DiskOperation operation) => disk.Do(session, operation);

    private sealed class DraftStream(Action<byte[]> wrote) : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count)
        {
            base.Write(buffer, offset, count);
            wrote(buffer.AsSpan(offset, count).ToArray());
        }
    }
}
