using Engine.Queue.Logs;

namespace Engine.Tests.Failures.Crash;

/// <summary>The files of one log in the lab's memory. It does the steps of <see cref="LogDisk"/> in the same order.</summary>
internal sealed class MemoryLogDisk(LabDisk disk, int session, int generation) : ILogDisk
{
    private readonly LabFile _marks = LabFile.Marks(generation);

    public string MarksName => _marks.Path;

    public string NameOf(int segment) => FileOf(segment).Path;

    public IReadOnlyList<int> Segments() => disk.Ask(session, FileOf(0), image =>
        image.Files.Keys.Where(file => file.Generation == generation && file.IsSegment).Select(static file => file.Number).Order().ToArray());

    public long LengthOf(int segment) => disk.Ask(session, FileOf(segment), image =>
        image.Find(FileOf(segment))?.LongLength ?? throw new FileNotFoundException($"{FileOf(segment)} is missing"));

    public int Read(int segment, long offset, Span<byte> target) => Read(FileOf(segment), offset, target);

    public void Write(int segment, long offset, ReadOnlySpan<byte> octets) => Write(FileOf(segment), offset, octets);

    public void Remove(int segment) => Do(new DiskOperation(OperationKind.Remove, FileOf(segment)));

    public void Cut(int segment, long length) => Do(new DiskOperation(OperationKind.Cut, FileOf(segment)) { Offset = length });

    public int ReadMarks(Span<byte> target) => Read(_marks, 0, target);

    public void WriteMark(long offset, ReadOnlySpan<byte> octets) => Write(_marks, offset, octets);

    public long Free() => 1L << 40;

    public void Dispose()
    {
    }

    private LabFile FileOf(int segment) => new(generation, segment);

    private int Read(LabFile file, long offset, Span<byte> target)
    {
        var octets = disk.Ask(session, file, image => image.Find(file)) ?? [];
        var count = (int)Math.Clamp(octets.Length - offset, 0, target.Length);
        octets.AsSpan((int)Math.Min(offset, octets.Length), count).CopyTo(target);
        return count;
    }

    // A new file gets its name first, and that is made stable.
    private void Write(LabFile file, long offset, ReadOnlySpan<byte> octets)
    {
        if (disk.Ask(session, file, image => image.Find(file)) is null)
        {
            Do(new DiskOperation(OperationKind.Write, file));
            Do(new DiskOperation(OperationKind.FlushNames, file));
        }

        Do(new DiskOperation(OperationKind.Write, file) { Offset = offset, Octets = octets.ToArray() });
    }

    private void Do(DiskOperation operation) => disk.Do(session, operation);
}
