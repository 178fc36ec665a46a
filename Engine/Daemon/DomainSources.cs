using System.Collections.Frozen;
using Engine.Configuration;
using Engine.Mail;
using Engine.Reputation;
using Engine.Submission;

namespace Engine.Daemon;

/// <summary>Which sources mail of a sender domain may leave from: those of pools that are open to an account that may send for it, and are of a class the account has. For one snapshot; immutable.</summary>
internal sealed class DomainSources
{
    private readonly (string Name, DomainSet Domains, FrozenSet<StreamClass> Classes)[] _accounts;
    private readonly PoolOptions[] _pools;

    public DomainSources(Snapshot snapshot)
    {
        Snapshot = snapshot;
        _pools = [.. snapshot.Options.Pools.Values];
        _accounts = [.. snapshot.Options.Accounts.Select(account => (account.Key, new DomainSet(account.Value.Domains), ClassesOf(account.Value)))];
    }

    public Snapshot Snapshot { get; }

    /// <summary>Those of a domain; all where nobody is known to send for it, or no pool is open to who does.</summary>
    /// <param name="domain">The sender domain.</param>
    /// <param name="sources">All there are.</param>
    public IReadOnlyCollection<Source> Of(DomainName domain, IReadOnlyCollection<Source> sources)
    {
        var senders = _accounts.Where(account => account.Domains.Allows(domain)).ToArray();
        var names = _pools
            .Where(pool => senders.Any(account => account.Classes.Contains(pool.Class) && (pool.ExclusiveTo.Count == 0 || pool.ExclusiveTo.Contains(account.Name))))
            .SelectMany(pool => pool.Sources.Keys)
            .ToHashSet(StringComparer.Ordinal);
        return names.Count == 0 ? sources : [.. sources.Where(source => names.Contains(source.Name))];
    }

    // Without streams there is one, unnamed and transactional.
    private static FrozenSet<StreamClass> ClassesOf(AccountOptions account) =>
        account.Streams.Count == 0 ? [StreamClass.Transactional] : account.Streams.Values.Select(stream => stream.Class).ToFrozenSet();
}
