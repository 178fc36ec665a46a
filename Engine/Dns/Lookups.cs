using System.Collections.Concurrent;

namespace Engine.Dns;

/// <summary>The cache, and the questions on their way: the same question asked twice is asked once. Thread-safe.</summary>
/// <remarks>A question lives on its own, bounded by its own time-out: whoever stops waiting for it does not end it for the others.</remarks>
internal sealed class Lookups : IAsyncDisposable
{
    private readonly AnswerCache _cache;
    private readonly ConcurrentDictionary<CacheKey, Lazy<Task<IAnswer>>> _flights = new();
    private readonly ConcurrentDictionary<CacheKey, Lazy<Task<IAnswer>>> _past = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationToken _closed;

    /// <param name="capacity">Answers kept, as <see cref="AnswerCache"/> takes it.</param>
    /// <param name="clock">Measures their life.</param>
    public Lookups(int capacity, TimeProvider clock)
    {
        _cache = new AnswerCache(capacity, clock);
        _closed = _closing.Token;
    }

    /// <summary>The answer from the cache, at once and without allocating; else by <paramref name="ask"/>, and kept.</summary>
    /// <typeparam name="T">The one type that this kind of key always has.</typeparam>
    /// <param name="key">What is asked.</param>
    /// <param name="ask">Held in a field by the caller, so that a hit makes no delegate. Cancelled only when this is disposed.</param>
    /// <param name="stop">Ends the waiting, not the question.</param>
    public ValueTask<T> FindAsync<T>(CacheKey key, Func<CacheKey, CancellationToken, Task<IAnswer>> ask, CancellationToken stop)
        where T : class, IAnswer
        => _cache.Find(key) is { } known ? new ValueTask<T>((T)known) : new ValueTask<T>(JoinAsync<T>(key, ask, stop));

    /// <summary>By <paramref name="ask"/>, past the cache: neither looked up nor kept. Questions on their way are shared among those who ask so.</summary>
    /// <inheritdoc cref="FindAsync{T}"/>
    public async Task<T> AskAsync<T>(CacheKey key, Func<CacheKey, CancellationToken, Task<IAnswer>> ask, CancellationToken stop)
        where T : class, IAnswer
    {
        var flight = _past.GetOrAdd(key, static (key, with) => new Lazy<Task<IAnswer>>(() => with.Owner.FlyPastAsync(key, with.Ask)), (Owner: this, Ask: ask));
        return (T)await flight.Value.WaitAsync(stop);
    }

    /// <summary>Ends the questions on their way; who waits for one gets an <see cref="OperationCanceledException"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        Task landed = Task.WhenAll(_flights.Values.Concat(_past.Values).Select(flight => flight.Value));
        await landed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _closing.Dispose();
    }

    private async Task<T> JoinAsync<T>(CacheKey key, Func<CacheKey, CancellationToken, Task<IAnswer>> ask, CancellationToken stop)
        where T : class, IAnswer
    {
        var flight = _flights.GetOrAdd(key, static (key, with) => new Lazy<Task<IAnswer>>(() => with.Owner.FlyAsync(key, with.Ask)), (Owner: this, Ask: ask));
        return (T)await flight.Value.WaitAsync(stop);
    }

    private async Task<IAnswer> FlyAsync(CacheKey key, Func<CacheKey, CancellationToken, Task<IAnswer>> ask)
    {
        try
        {
            // Another flight may have landed between our look into the cache and our start.
            if (_cache.Find(key) is { } known)
            {
                return known;
            }

            var answer = await ask(key, _closed);
            _cache.Keep(key, answer);
            return answer;
        }
        finally
        {
            _flights.TryRemove(key, out _);
        }
    }

    private async Task<IAnswer> FlyPastAsync(CacheKey key, Func<CacheKey, CancellationToken, Task<IAnswer>> ask)
    {
        try
        {
            return await ask(key, _closed);
        }
        finally
        {
            _past.TryRemove(key, out _);
        }
    }
}
