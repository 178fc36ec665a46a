using System.Buffers;
using System.Collections.Concurrent;
using System.Threading.Tasks.Sources;

namespace Engine.Dkim;

/// <summary>One head on its way through <see cref="SigningWork"/>. Goes back to where idle ones lie when its caller has taken the result.</summary>
internal sealed class SigningJob(ConcurrentBag<SigningJob> idle) : IValueTaskSource<bool>
{
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
    private ReadOnlyMemory<byte> _head;
    private ReadOnlyMemory<byte> _bodyHash;
    private IReadOnlyList<SigningKey> _keys = [];
    private SigningTime _time;
    private Canonicalization? _bodyRules;
    private IBufferWriter<byte>? _output;
    private CancellationToken _stop;

    public ValueTask<bool> Prepare(
        ReadOnlyMemory<byte> head,
        ReadOnlyMemory<byte> bodyHash,
        IReadOnlyList<SigningKey> keys,
        SigningTime time,
        IBufferWriter<byte> output,
        Canonicalization? body,
        CancellationToken stop)
    {
        (_head, _bodyHash, _keys, _time, _output, _bodyRules, _stop) = (head, bodyHash, keys, time, output, body, stop);
        return new ValueTask<bool>(this, _core.Version);
    }

    public bool Sign()
    {
        _stop.ThrowIfCancellationRequested();
        return HeadSigner.Sign(_head.Span, _bodyHash.Span, _keys, _time, _output!, _bodyRules);
    }

    public void Complete(bool isSigned) => _core.SetResult(isSigned);

    public void Fail(Exception exception) => _core.SetException(exception);

    bool IValueTaskSource<bool>.GetResult(short token)
    {
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            (_head, _bodyHash, _keys, _output, _stop) = (default, default, [], null, default);
            _core.Reset();
            idle.Add(this);
        }
    }

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
