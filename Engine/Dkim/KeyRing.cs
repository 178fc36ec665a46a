using System.Collections.Concurrent;
using System.Collections.Frozen;
using Engine.Configuration;
using Engine.Dkim.Rotation;
using Engine.Mail;

namespace Engine.Dkim;

/// <summary>Every signing key of one configuration. Immutable; made anew at reload.</summary>
/// <remarks>
/// The keys of a domain are those of its own entry, else of the nearest domain above it that has any (relaxed alignment makes
/// d=example.com good for From: x@news.example.com), else those of <c>*</c>, which then sign with the From domain itself as d=.
/// Thread-safe.
/// </remarks>
internal sealed class KeyRing
{
    // Domains that sign with the keys of "*" are not known beforehand. Beyond this many, their lists are made at each look-up.
    private const int MaxRemembered = 10_000;

    private readonly FrozenDictionary<string, DomainKeys>.AlternateLookup<ReadOnlySpan<char>> _domains;
    private readonly DomainKeys _any;
    private readonly DomainKeys _also;
    private readonly ConcurrentDictionary<DomainName, IReadOnlyList<SigningKey>> _anyByDomain = new();

    /// <param name="domains">By name. Their lists hold their own keys only; those of <paramref name="also"/> are added here.</param>
    /// <param name="any">The keys of <c>*</c>, under no particular domain.</param>
    /// <param name="also">The keys of <c>dkim.also</c>.</param>
    internal KeyRing(IReadOnlyDictionary<DomainName, DomainKeys> domains, DomainKeys any, DomainKeys also)
    {
        _domains = domains
            .ToFrozenDictionary(
                static entry => entry.Key.Name,
                entry => new DomainKeys(WithAlso(entry.Value.Keys, also.Keys), entry.Value.IsBroken || also.IsBroken),
                StringComparer.Ordinal)
            .GetAlternateLookup<ReadOnlySpan<char>>();
        _any = any with { IsBroken = any.IsBroken || also.IsBroken };
        _also = also;
    }

    /// <summary>Loads the keys that the snapshot names and those found by convention. A key that does not load is a finding of its domain.</summary>
    public static KeyRing Load(Snapshot snapshot, Findings findings) => Load(snapshot, RotationBook.Blank, findings);

    /// <summary>The same without the keys that may not sign now.</summary>
    public static KeyRing Load(Snapshot snapshot, IKeyStandings standings, Findings findings) => new KeyRingReader(snapshot, standings, findings).Read();

    /// <summary>Keys for mail whose From header names this domain, <c>dkim.also</c> included; empty when it goes unsigned. No allocation.</summary>
    /// <remarks>The first look-up of a domain that falls to <c>*</c> makes its list. Ask <see cref="IsBroken"/> before: a broken domain's list lacks keys.</remarks>
    public IReadOnlyList<SigningKey> For(DomainName headerFrom)
    {
        if (TryFind(headerFrom, out var found))
        {
            return found.Keys;
        }

        return _any.Keys.Count == 0 || headerFrom.IsEmpty ? _also.Keys : ForAny(headerFrom);
    }

    /// <summary>True when a key that should sign this domain's mail did not load: submission answers 451, nothing goes out unsigned.</summary>
    public bool IsBroken(DomainName headerFrom) =>
        TryFind(headerFrom, out var found) ? found.IsBroken
        : headerFrom.IsEmpty ? _also.IsBroken
        : _any.IsBroken;

    private static IReadOnlyList<SigningKey> WithAlso(IReadOnlyList<SigningKey> own, IReadOnlyList<SigningKey> also) =>
        [.. own, .. also.Where(key => !own.Any(other => other.Domain == key.Domain && other.Selector == key.Selector))];

    private bool TryFind(DomainName headerFrom, out DomainKeys found)
    {
        var name = headerFrom.Name.AsSpan();
        while (!name.IsEmpty)
        {
            if (_domains.TryGetValue(name, out found))
            {
                return true;
            }

            var dot = name.IndexOf('.');
            name = dot < 0 ? default : name[(dot + 1)..];
        }

        found = default;
        return false;
    }

    private IReadOnlyList<SigningKey> ForAny(DomainName domain) =>
        _anyByDomain.TryGetValue(domain, out var keys) ? keys : Remember(domain);

    private IReadOnlyList<SigningKey> Remember(DomainName domain)
    {
        var keys = WithAlso([.. _any.Keys.Select(key => key.Under(domain, key.Selector))], _also.Keys);
        if (_anyByDomain.Count < MaxRemembered)
        {
            _anyByDomain.TryAdd(domain, keys);
        }

        return keys;
    }
}
