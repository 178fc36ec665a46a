using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Net;
using Engine.Configuration;
using Engine.Mail;

namespace Engine.Reputation;

/// <summary>The sources and pools of the running configuration. Swapped whole at reload; source ids stay.</summary>
internal sealed class SourceMap
{
    /// <summary>Name of the built-in pool and source.</summary>
    public const string Default = "default";

    // No key in engine.json can be spelled so.
    private const string HostName = "host:default";

    private readonly ConcurrentDictionary<string, SourceId> _ids = new();
    private Layout _layout;
    private FrozenDictionary<string, string> _isolated = FrozenDictionary<string, string>.Empty;

    public SourceMap(Snapshot snapshot) => _layout = Build(snapshot);

    public IReadOnlyCollection<Source> Sources => _layout.Sources.Values;

    public IReadOnlyCollection<Pool> Pools => _layout.Pools.Values;

    /// <summary>A pool of one source that binds nothing. For mail to a relay, which knows us by our login, where the pool of the flow has no source that may send.</summary>
    public Pool HostPool => Volatile.Read(ref _layout).Host;

    /// <summary>Accounts whose mail goes by another pool of its class, whatever pool it names; account → pool. What is queued is to be dispatched anew by who calls.</summary>
    public FrozenDictionary<string, string> Isolated
    {
        get => Volatile.Read(ref _isolated);
        set => Volatile.Write(ref _isolated, value);
    }

    public void Load(Snapshot snapshot) => Volatile.Write(ref _layout, Build(snapshot));

    /// <summary>The source with this id in the running configuration; null when it has gone.</summary>
    public Source? Find(SourceId id) => Volatile.Read(ref _layout) is var layout && layout.ById.TryGetValue(id, out var source)
        ? source
        : layout.Host.Sources[0].Id == id ? layout.Host.Sources[0] : null;

    /// <summary>
    /// The pool of a flow: the one its account is isolated to, when that is of its class; else the one it names; else the first, by name, of its class that the account may use, those exclusive to it
    /// before the others, never the one set apart for isolated senders; the built-in one when there are no pools at all. Null when it must wait for an operator.
    /// </summary>
    public Pool? PoolFor(string wanted, StreamClass streamClass, string account)
    {
        var layout = Volatile.Read(ref _layout);
        var isolated = Isolated;
        if (isolated.Count > 0 && isolated.TryGetValue(account, out var apart) && layout.Pools.TryGetValue(apart, out var other) && (other.Class ?? streamClass) == streamClass)
        {
            return other;
        }

        if (wanted.Length > 0)
        {
            return layout.Pools.GetValueOrDefault(wanted);
        }

        return layout.ByClass.GetOrAdd((streamClass, account), key => layout.Pools.Values
            .Where(pool => (pool.Class ?? key.Class) == key.Class && layout.IsOpenTo(pool, key.Account) && pool.Name != layout.Apart)
            .OrderByDescending(layout.IsExclusive)
            .ThenBy(pool => pool.Name, StringComparer.Ordinal)
            .FirstOrDefault());
    }

    /// <summary>
    /// Where mail of a pool goes now: to it while one of its sources takes any, else by its <c>onEmpty</c>, from pool to pool. The checks keep out circles
    /// and other classes' pools.
    /// </summary>
    /// <param name="pool">The pool of <see cref="PoolFor"/>.</param>
    /// <param name="operatorId">Where the mail goes.</param>
    /// <param name="takes">Whether a source takes mail to an operator; kept by the caller, for it is asked for each recipient that is due.</param>
    public PoolChoice Serving(Pool pool, string operatorId, Func<Source, string, bool> takes)
    {
        var pools = Volatile.Read(ref _layout).Pools;
        for (var steps = 0; steps <= pools.Count; steps++)
        {
            for (var index = 0; index < pool.Sources.Count; index++)
            {
                if (takes(pool.Sources[index], operatorId))
                {
                    return new PoolChoice(pool, null);
                }
            }

            if (pool.OnEmpty.Pool is null || !pools.TryGetValue(pool.OnEmpty.Pool, out var next))
            {
                return new PoolChoice(null, pool.OnEmpty.Relay);
            }

            pool = next;
        }

        return default;
    }

    /// <summary>Names of the pools a source is in, in the order of the file.</summary>
    public IReadOnlyList<string> PoolsOf(Source source) => [.. Volatile.Read(ref _layout).Pools.Values.Where(pool => pool.Serves(source)).Select(pool => pool.Name)];

    private static PoolFallback FallbackOf(PoolOptions options) => PoolFallback.TryParse(options.OnEmpty, out var fallback) ? fallback : default;

    private Layout Build(Snapshot snapshot)
    {
        var options = snapshot.Options;
        var sources = options.Sources.Count == 0
            ? [new Source(IdOf(Default), Default, null, null, options.Hostname)]
            : options.Sources.Select(entry => Make(entry.Key, entry.Value, options.Hostname)).ToArray();
        var byName = sources.ToDictionary(source => source.Name);
        var pools = options.Pools.Count == 0
            ? [new Pool(Default, null, [.. sources.Select(source => (source, 1))])]
            : options.Pools.Select(entry => new Pool(entry.Key, entry.Value.Class, [.. entry.Value.Sources.Select(weight => (byName[weight.Key], weight.Value))], FallbackOf(entry.Value))).ToArray();
        return new Layout(
            byName,
            sources.ToDictionary(source => source.Id),
            pools.ToDictionary(pool => pool.Name),
            options.Pools.ToDictionary(entry => entry.Key, entry => entry.Value.ExclusiveTo),
            new Pool(HostName, null, [(new Source(IdOf(HostName), HostName, null, null, options.Hostname), 1)]),
            new ConcurrentDictionary<(StreamClass Class, string Account), Pool?>(),
            options.Score.IsolateTo);
    }

    private Source Make(string name, SourceOptions options, string hostname)
    {
        var address = IPAddress.Parse(options.Address);
        if (options.Proxy is { } text)
        {
            return AddressText.TryParseProxy(text, out var proxy)
                ? new Source(IdOf(name), name, address, null, options.Ehlo ?? hostname) { Proxy = proxy }
                : throw new FormatException($"'{text}' is not a proxy");
        }

        return new Source(IdOf(name), name, address, options.Bind is { } bind ? IPAddress.Parse(bind) : address, options.Ehlo ?? hostname);
    }

    private SourceId IdOf(string name) => _ids.GetOrAdd(name, _ => new SourceId((short)_ids.Count));

    private sealed record Layout(
        Dictionary<string, Source> Sources,
        Dictionary<SourceId, Source> ById,
        Dictionary<string, Pool> Pools,
        Dictionary<string, IReadOnlyList<string>> Exclusive,
        Pool Host,
        ConcurrentDictionary<(StreamClass Class, string Account), Pool?> ByClass,
        string? Apart)
    {
        public bool IsExclusive(Pool pool) => Exclusive.GetValueOrDefault(pool.Name) is { Count: > 0 };

        public bool IsOpenTo(Pool pool, string account) => !IsExclusive(pool) || Exclusive[pool.Name].Contains(account);
    }
}
