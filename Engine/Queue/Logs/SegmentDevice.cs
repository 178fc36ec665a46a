using System.Collections.Concurrent;
using FASTER.core;

namespace Engine.Queue.Logs;

/// <summary>
/// FasterLog's device over <see cref="ILogDisk"/>. Every write is done by the committing thread in <see cref="WaitFor"/>, one after the
/// other: FasterLog asks for writes while it holds its epoch, where appenders would spin until the disk is done, and on appenders'
/// threads, which must not wait for the disk. It keeps the true error of a failed write.
/// </summary>
internal sealed unsafe class SegmentDevice(ILogDisk disk) : StorageDeviceBase("log", 512, -1)
{
    private const uint Failed = 5; // EIO: FasterLog asks only whether it is zero

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private readonly object _written = new();
    private readonly ConcurrentQueue<PendingWrite> _asked = new();
    private Exception? _fault;
    private Exception? _removalFault;

    /// <summary>Why a write failed; null while none did.</summary>
    public Exception? Fault => Volatile.Read(ref _fault);

    /// <summary>Why a segment could not be deleted; null while none failed.</summary>
    public Exception? RemovalFault => Volatile.Read(ref _removalFault);

    /// <summary>After recovery: segments before this one are gone.</summary>
    public void BeginAt(int segment) => startSegment = segment;

    /// <summary>Does what was asked for until everything before an address is written, or a write has failed.</summary>
    public void WaitFor(FasterLog log, long until)
    {
        while (true)
        {
            while (_asked.TryDequeue(out var write))
            {
                Write(write);
            }

            lock (_written)
            {
                if (_asked.IsEmpty)
                {
                    if (Fault is not null || log.FlushedUntilAddress >= until)
                    {
                        return;
                    }

                    // The thread that still holds the epoch will ask.
                    Monitor.Wait(_written, LookAgain);
                }
            }
        }
    }

    public override void WriteAsync(
        nint sourceAddress, int segmentId, ulong destinationAddress, uint numBytesToWrite, DeviceIOCompletionCallback callback, object context)
    {
        _asked.Enqueue(new PendingWrite(sourceAddress, segmentId, (long)destinationAddress, (int)numBytesToWrite, callback, context));
        lock (_written)
        {
            Monitor.Pulse(_written);
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

    private void Write(in PendingWrite write)
    {
        var error = Fault is null ? 0 : Failed;
        try
        {
            // After a failed write nothing may be written behind the hole.
            if (error == 0)
            {
                disk.Write(write.Segment, write.Offset, new ReadOnlySpan<byte>((void*)write.Source, write.Length));
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            Volatile.Write(ref _fault, fault);
            error = Failed;
        }

        write.Callback(error, error == 0 ? (uint)write.Length : 0, write.Context);
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

    private readonly record struct PendingWrite(
        nint Source, int Segment, long Offset, int Length, DeviceIOCompletionCallback Callback, object Context);

    private sealed record PendingRemoval(SegmentDevice Device, int Segment, AsyncCallback? Callback, IAsyncResult Result) : IThreadPoolWorkItem
    {
        public void Execute() => Device.Remove(this);
    }
}
