using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Engine.Delivery.Smtp;

/// <summary>Idle sessions, the freshest of a key first, each kept for one span. Thread-safe. Owns what it holds.</summary>
/// <remarks>One timer for all, set to the moment the oldest falls due. Farewells are said by a loop of its own, several at once, that <see cref="DisposeAsync"/> awaits.</remarks>
/// <typeparam name="TSession">The session.</typeparam>
internal sealed class SessionCache<TSession> : IAsyncDisposable
    where TSession : class, IIdleSession
{
    private const int FarewellsAtOnce = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<SessionKey, LinkedList<Idle>> _byKey = [];
    private readonly LinkedList<Idle> _byAge = [];
    private readonly Channel<TSession> _leaving = Channel.CreateUnbounded<TSession>(new UnboundedChannelOptions { SingleReader = true });
    private readonly TimeProvider _clock;
    private readonly TimeSpan _span;
    private readonly int _capacity;
    private readonly ITimer _timer;
    private readonly Task _farewells;
    private bool _isDisposed;

    /// <param name="clock">Measures the span.</param>
    /// <param name="span">Key <c>delivery.connections.idle</c>; zero keeps none.</param>
    /// <param name="capacity">Sessions held; beyond it the oldest leaves.</param>
    public SessionCache(TimeProvider clock, TimeSpan span, int capacity)
    {
        _clock = clock;
        _span = span;
        _capacity = capacity;
        _timer = clock.CreateTimer(static cache => ((SessionCache<TSession>)cache!).Expire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _farewells = SayFarewellsAsync();
    }

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _byAge.Count;
            }
        }
    }

    /// <summary>Gives a healthy session of the key, which is the caller's from now on. Those found gone are dropped on the way.</summary>
    public bool TryTake(in SessionKey key, [NotNullWhen(true)] out TSession? session)
    {
        while (TryPop(key, out session))
        {
            if (session.IsHealthy)
            {
                return true;
            }

            _leaving.Writer.TryWrite(session);
        }

        return false;
    }

    /// <summary>Takes a session over. One that cannot be kept is said goodbye to; only after disposal does the caller wait for that.</summary>
    public ValueTask PutAsync(in SessionKey key, TSession session)
    {
        lock (_lock)
        {
            if (!_isDisposed && _span > TimeSpan.Zero && _capacity > 0)
            {
                if (_byAge.Count >= _capacity)
                {
                    RemoveOldest();
                }

                Add(key, session);
                return ValueTask.CompletedTask;
            }
        }

        return _leaving.Writer.TryWrite(session) ? ValueTask.CompletedTask : session.CloseAsync();
    }

    /// <summary>Says goodbye to every idle session and waits for it.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _isDisposed = true;
            while (_byAge.Count > 0)
            {
                RemoveOldest();
            }
        }

        await _timer.DisposeAsync().ConfigureAwait(false);
        _leaving.Writer.TryComplete();
        await _farewells.ConfigureAwait(false);
    }

    private bool TryPop(in SessionKey key, [NotNullWhen(true)] out TSession? session)
    {
        lock (_lock)
        {
            var freshest = _byKey.TryGetValue(key, out var list) ? list.Last?.Value : null;
            session = freshest?.Session;
            if (freshest is not null)
            {
                Remove(freshest);
            }

            return session is not null;
        }
    }

    private void Add(in SessionKey key, TSession session)
    {
        if (!_byKey.TryGetValue(key, out var list))
        {
            _byKey.Add(key, list = []);
        }

        var idle = new Idle(key, session, _clock.GetTimestamp());
        idle.InKey = list.AddLast(idle);
        idle.InAge = _byAge.AddLast(idle);
        if (_byAge.Count == 1)
        {
            _timer.Change(_span, Timeout.InfiniteTimeSpan);
        }
    }

    private void Remove(Idle idle)
    {
        var list = idle.InKey!.List!;
        list.Remove(idle.InKey);
        _byAge.Remove(idle.InAge!);
        if (list.Count == 0)
        {
            _byKey.Remove(idle.Key);
        }
    }

    private void RemoveOldest()
    {
        var oldest = _byAge.First!.Value;
        Remove(oldest);
        _leaving.Writer.TryWrite(oldest.Session);
    }

    private void Expire()
    {
        lock (_lock)
        {
            while (_byAge.First is { } oldest)
            {
                var left = _span - _clock.GetElapsedTime(oldest.Value.Since);
                if (left > TimeSpan.Zero)
                {
                    _timer.Change(left, Timeout.InfiniteTimeSpan);
                    return;
                }

                RemoveOldest();
            }
        }
    }

    private async Task SayFarewellsAsync() => await Parallel.ForEachAsync(
        _leaving.Reader.ReadAllAsync(),
        new ParallelOptions { MaxDegreeOfParallelism = FarewellsAtOnce },
        static async (session, _) => await session.CloseAsync().ConfigureAwait(false)).ConfigureAwait(false);

    private sealed class Idle(SessionKey key, TSession session, long since)
    {
        public SessionKey Key { get; } = key;

        public TSession Session { get; } = session;

        public long Since { get; } = since;

        public LinkedListNode<Idle>? InKey { get; set; }

        public LinkedListNode<Idle>? InAge { get; set; }
    }
}
