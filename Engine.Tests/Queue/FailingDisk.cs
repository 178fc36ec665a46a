using Engine.Queue.Logs;

namespace Engine.Tests.Queue;

/// <summary>A real disk whose writes can be made to fail, to wait, or to be short of room.</summary>
internal sealed class FailingDisk(string directory) : ILogDisk
{
    private readonly LogDisk _disk = new(directory, durable: false);

    public Exception? SegmentFault { get; set; }

    public Exception? MarkFault { get; set; }

    /// <summary>Writes wait until it is set.</summary>
    public ManualResetEventSlim Open { get; } = new(initialState: true);

    /// <summary>Completes when a write has begun to wait.</summary>
    public TaskCompletionSource Waiting { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Writes of segments that still succeed before <see cref="SegmentFault"/> comes true.</summary>
    public int Spared { get; set; }

    public long FreeOctets { get; set; } = 1L << 40;

    public int Asked { get; private set; }

    public string MarksName => _disk.MarksName;

    public IReadOnlyList<int> Segments() => _disk.Segments();

    public long LengthOf(int segment) => _disk.LengthOf(segment);

    public string NameOf(int segment) => _disk.NameOf(segment);

    public int Read(int segment, long offset, Span<byte> target) => _disk.Read(segment, offset, target);

    public void Write(int segment, long offset, ReadOnlySpan<byte> octets)
    {
        if (!Open.IsSet)
        {
            Waiting.TrySetResult();
            Open.Wait();
        }

        if (SegmentFault is not null && Spared-- <= 0)
        {
            throw SegmentFault;
        }

        _disk.Write(segment, offset, octets);
    }

    public void Remove(int segment) => _disk.Remove(segment);

    public void Cut(int segment, long length) => _disk.Cut(segment, length);

    public int ReadMarks(Span<byte> target) => _disk.ReadMarks(target);

    public void WriteMark(long offset, ReadOnlySpan<byte> octets)
    {
        if (MarkFault is not null)
        {
            throw MarkFault;
        }

        _disk.WriteMark(offset, octets);
    }

    public long Free()
    {
        Asked++;
        return FreeOctets;
    }

    public void Dispose()
    {
        _disk.Dispose();
        Open.Dispose();
    }
}
