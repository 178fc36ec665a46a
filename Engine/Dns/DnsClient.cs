using Engine.Configuration;
using Engine.Mail;

namespace Engine.Dns;

/// <summary>A stub resolver with a cache: any question, one type at a time. Thread-safe.</summary>
internal sealed class DnsClient : IAsyncDisposable
{
    private readonly DnsMetrics _metrics;
    private readonly DnsExchange _exchange;
    private readonly Func<CacheKey, CancellationToken, Task<IAnswer>> _ask;

    /// <param name="options">Checked by the configuration.</param>
    /// <param name="clock">Measures time-outs and the life of answers.</param>
    /// <param name="chance">Gives the ids of queries: <see cref="UnguessableRandom"/>, but in tests. Used under a lock.</param>
    /// <param name="logger">Hears of resolvers that fall silent.</param>
    public DnsClient(DnsOptions options, TimeProvider clock, Random chance, ILogger logger)
    {
        _metrics = new DnsMetrics(this);
        _exchange = new DnsExchange(options, clock, chance, _metrics, logger);
        Lookups = new Lookups(options.Cache, clock);
        _ask = async (key, stop) => await _exchange.AskAsync(key.Name.Name, (RecordType)key.Kind, stop);
    }

    /// <summary>For <see cref="MailDns"/>, whose answers live in the same cache.</summary>
    public Lookups Lookups { get; }

    /// <summary>Asks for the records of one type. A failure is an answer too. Completes at once from the cache, without allocating.</summary>
    /// <param name="name">For PTR see <see cref="ReverseName"/>.</param>
    /// <param name="type">Not OPT.</param>
    /// <param name="stop">Ends the waiting.</param>
    public ValueTask<DnsAnswer> AskAsync(DomainName name, RecordType type, CancellationToken stop) =>
        Lookups.FindAsync<DnsAnswer>(CacheKey.Records(name, type), _ask, stop);

    /// <summary>Asks without looking into the cache or keeping the answer there.</summary>
    public Task<DnsAnswer> AskUncachedAsync(DomainName name, RecordType type, CancellationToken stop) => _exchange.AskAsync(name.Name, type, stop);

    /// <summary>
    /// Asks past the cache: what is there is not looked at, and the answer is not kept. The same question asked twice at once is asked once. For
    /// what must be seen as soon as the resolver sees it, such as block lists.
    /// </summary>
    public Task<DnsAnswer> AskPastCacheAsync(DomainName name, RecordType type, CancellationToken stop) =>
        Lookups.AskAsync<DnsAnswer>(CacheKey.Records(name, type), _ask, stop);

    public async ValueTask DisposeAsync()
    {
        await Lookups.DisposeAsync();
        _exchange.Dispose();
        _metrics.Dispose();
    }
}
