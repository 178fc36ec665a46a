using FASTER.core;

namespace Engine.Queue.Logs;

/// <summary>
/// FasterLog's device over <see cref="ILogDisk"/>. Writes that the committing thread asks for are done by that thread, but only in
/// <see cref="WaitFor"/>: FasterLog asks while it holds its epoch, and appenders would spin until the disk is done. Others (a page
/// that filled) go to the pool, so that an appender never waits for the disk. It keeps the true error of a failed write.
/// </summary>
internal sealed unsafe class SegmentDevice(ILogDisk disk) : StorageDeviceBase("log", 512, -1)
{
    private const uint Failed = 5; // EIO: FasterLog asks only whether it is zero

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private readonly object _written = new();
    private readonly Queue<PendingWrite> _own = new();
    private int _committer;
    private Exception? _fault;
    private Exception? _removalFault;

    /// <summary>Why a write failed; null while none did.</summary>
    public Exception? Fault => Volatile.Read(ref _fault);

    /// <summary>Why a segment could not be deleted; null while none failed.</summary>
    public Exception? RemovalFault => Volatile.Read(ref _removalFault);

    /// <summary>From now on until <see cref="EndCommit"/>, writes of this thread are kept for <see cref="WaitFor"/>.</summary>
    public void BeginCommit() => _committer = Environment.CurrentManagedThreadId;

    public void EndCommit() => _committer = 0;

    /// <summary>After recovery: segments before this one are gone.</summary>
    public void BeginAt(int segment) => startSegment = segment;

    /// <summary>Does the writes of this thread, then blocks until everything before an address is written, or a write has failed.</summary>
    public void WaitFor(FasterLog log, long until)
    {
        while (_own.TryDequeue(out var write))
        {
            write.Execute();
        }

        lock (_written)
        {
            while (Fault is null && log.FlushedUntilAddress < until)
            {
                Monitor.Wait(_written, LookAgain);
            }
        }
    }

    public override void WriteAsync(
        nint sourceAddress, int segmentId, ulong destinationAddress, uint numBytesToWrite, DeviceIOCompletionCallback callback, object context)
    {
        var write = new PendingWrite(this, sourceAddress, segmentId, (long)destinationAddress, (int)numBytesToWrite, callback, context);
        if (_committer == Environment.CurrentManagedThreadId)
        {
            _own.Enqueue(write);
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(write, preferLocal: false);
        }
    }

    public override void ReadAsync(
        int segmentId, ulong sourceAddress, nint destinationAddress, uint readLength, DeviceIOCompletionCallback callback, object context)
    {
        var target = new Span<byte>((void*)destinationAddress, (int)readLength);
        var read = disk.Read(segmentId, (long)sourceAddress, target);
        target[read..].Clear();
        callback(0, readLength, context);
    }

    public override void RemoveSegmentAsync(int segment, AsyncCallback callback, IAsyncResult result) =>
        ThreadPool.UnsafeQueueUserWorkItem(new PendingRemoval(this, segment, callback, result), preferLocal: false);

    public override void Dispose()
    {
        // The files belong to the log.
    }

    private void Write(PendingWrite write)
    {
        var error = 0u;
        try
        {
            disk.Write(write.Segment, write.Offset, new ReadOnlySpan<byte>((void*)write.Source, write.Length));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            Volatile.Write(ref _fault, fault);
            error = Failed;
        }

        write.Callback(error, error == 0 ? (uint)write.Length : 0, write.Context);
        lock (_written)
        {
            Monitor.PulseAll(_written);
        }
    }

    private void Remove(PendingRemoval removal)
    {
        try
        {
            disk.Remove(removal.Segment);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The file stays and is deleted at the next start; the mark already says that it is not needed.
            Volatile.Write(ref _removalFault, fault);
        }

        removal.Callback?.Invoke(removal.Result);
    }

    private sealed record PendingWrite(
        SegmentDevice Device, nint Source, int Segment, long Offset, int Length, DeviceIOCompletionCallback Callback, object Context) : IThreadPoolWorkItem
    {
        public void Execute() => Device.Write(this);
    }

    private sealed record PendingRemoval(SegmentDevice Device, int Segment, AsyncCallback? Callback, IAsyncResult Result) : IThreadPoolWorkItem
    {
        public void Execute() => Device.Remove(this);
    }
}
