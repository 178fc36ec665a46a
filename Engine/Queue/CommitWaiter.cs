using System.Diagnostics.CodeAnalysis;
using System.Threading.Tasks.Sources;
using Engine.Queue.Frames;
using Engine.Queue.Waiting;

namespace Engine.Queue;

/// <summary>One who waits for a commit. Pooled with the buffers a message is encoded in; it goes back when its result is taken.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "Its buffers live as long as the pool; disposal is Return's.")]
internal sealed class CommitWaiter(Pool<CommitWaiter> pool) : IValueTaskSource<bool>, IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };

    /// <summary>Done once the log is committed up to here.</summary>
    public long Until { get; set; }

    /// <summary>The message to enter into the index then; null for a settlement.</summary>
    public NewMessage? Message { get; set; }

    public MessagePlace Place { get; set; }

    /// <summary>Envelope, head table and heads.</summary>
    public OctetWriter Front { get; } = new();

    /// <summary>What stands before them in the frame.</summary>
    public OctetWriter Prefix { get; } = new();

    public ValueTask<bool> Result => new(this, _core.Version);

    public ValueTask Done => new(this, _core.Version);

    public static CommitWaiter Take(Pool<CommitWaiter> pool) => pool.Take() ?? new CommitWaiter(pool);

    public void Complete(bool result) => _core.SetResult(result);

    public void Fail(Exception reason) => _core.SetException(reason);

    /// <summary>Gives it back without its result having been asked for: nothing was appended.</summary>
    public void Return()
    {
        _core.Reset();
        Message = null;
        Front.Clear();
        Prefix.Clear();
        if (!pool.Give(this))
        {
            Front.Dispose();
            Prefix.Dispose();
        }
    }

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    bool IValueTaskSource<bool>.GetResult(short token) => TakeResult(token);

    void IValueTaskSource.GetResult(short token) => TakeResult(token);

    private bool TakeResult(short token)
    {
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            Return();
        }
    }
}
