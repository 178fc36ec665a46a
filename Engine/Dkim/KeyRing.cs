using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Engine.Configuration;
using Engine.Dkim.Rotation;
using Engine.Mail;

namespace Engine.Dkim;

/// <summary>Every signing key of one configuration. Made anew at reload, and when other keys may sign. Thread-safe.</summary>
/// <remarks>
/// The keys of a domain are those of its own entry, else of the nearest domain above it that has any which may sign now (relaxed alignment makes
/// d=example.com good for From: x@news.example.com), else those of <c>*</c>, which then sign with the From domain itself as d=.
/// Keys found by convention are parsed when their domain first sends: that reads a small file on the caller's thread. A domain whose keys cannot be
/// had is broken, and is tried again at each look-up, so that a file that was mended, or a disk that was busy, counts at once.
/// </remarks>
internal sealed class KeyRing
{
    // Domains that sign with the keys of "*" are not known beforehand. Beyond this many, their lists are made at each look-up.
    private const int MaxRemembered = 10_000;

    private readonly KeyTable _table;
    private readonly IKeyStandings? _standings;
    private readonly Dictionary<string, DomainKeys>.AlternateLookup<ReadOnlySpan<char>> _domains;
    private readonly ConcurrentDictionary<DomainName, ReadyKeys> _anyByDomain = new();
    private readonly IReadOnlyList<SigningKey> _also;

    internal KeyRing(KeyTable table, IKeyStandings? standings)
    {
        (_table, _standings) = (table, standings);
        _domains = ((Dictionary<string, DomainKeys>)table.Domains).GetAlternateLookup<ReadOnlySpan<char>>();
        _also = [.. table.Also.Held!.All.Where(key => MaySign(key.Domain, key))];
    }

    /// <summary>A domain turned out to be broken: said once, at the first mail that is refused for it, on the thread that asked.</summary>
    public event Action<DomainName, string>? Broke;

    /// <summary>Domains with keys of their own.</summary>
    public int Count => _table.Domains.Count;

    /// <summary>Parsed keys that may be let go; at most <c>dkim.cache</c>.</summary>
    public int Cached => _table.Cache.Count;

    /// <summary>Reads explicit keys, and lists those found by convention. A key that does not load is a finding of its domain, one of <c>dkim.also</c> of the core.</summary>
    /// <param name="snapshot">The configuration.</param>
    /// <param name="findings">Takes the faults.</param>
    /// <param name="standings">Who may sign; null for all.</param>
    /// <param name="before">The ring in force: parsed keys whose files have not changed since are taken over.</param>
    public static KeyRing Load(Snapshot snapshot, Findings findings, IKeyStandings? standings = null, KeyRing? before = null) =>
        new(new KeyRingReader(snapshot, findings, before?._table).Read(), standings);

    /// <summary>The same keys, of which others may sign. Costs nothing: lists are put together as they are asked for, parsed keys stay.</summary>
    public KeyRing With(IKeyStandings? standings) => new(_table, standings);

    /// <summary>The same keys, but for files that rotation wrote or moved away: only those are looked at. What others put there waits for the next reload.</summary>
    public KeyRing Relist(IEnumerable<DomainRotation> rotations) => _table.Relist(rotations) is var table && ReferenceEquals(table, _table) ? this : new(table, _standings);

    /// <summary>Parses every key found by convention, keeps none: for <c>config check</c>. Each fault is a finding.</summary>
    public void CheckFiles(Findings findings)
    {
        foreach (var domain in _table.Domains.Values)
        {
            foreach (var file in domain.Files)
            {
                // What is wrong with its mode or size was found at loading.
                if (_table.TryRead(domain.Domain, file, out _, out var fault) || KeyRingReader.FaultOf(_table.PathOf(file)) is not null)
                {
                    continue;
                }

                findings.Add(new Finding(_table.PathOf(file), 0, $"$.domains.{domain.Domain}.dkim", fault!, FindingScope.Domain) { Subject = domain.Domain.Name });
            }
        }
    }

    /// <summary>Keys for mail whose From header names this domain, <c>dkim.also</c> included; empty when it goes unsigned, as nobody has keys for it.</summary>
    /// <remarks>No allocation once the domain's keys are parsed.</remarks>
    /// <param name="headerFrom">The From domain; the default value for none.</param>
    /// <param name="keys">Who signs.</param>
    /// <returns>False when a key that should sign cannot be had: submission answers 451, nothing goes out unsigned.</returns>
    public bool TryFind(DomainName headerFrom, out IReadOnlyList<SigningKey> keys) => TryFind(headerFrom, out keys, out _);

    private bool TryFind(DomainName headerFrom, out IReadOnlyList<SigningKey> keys, out string? fault)
    {
        fault = null;
        var silent = default(DomainKeys);
        var name = headerFrom.Name.AsSpan();
        while (!name.IsEmpty)
        {
            if (_domains.TryGetValue(name, out var found))
            {
                if (!TryReady(found, out var ready, out fault))
                {
                    return Refuse(found, fault, out keys);
                }

                if (ready.HasOwn)
                {
                    keys = ready.Keys;
                    return true;
                }

                silent ??= _standings?.HasNeverSigned(found.Domain) == true ? null : found;
            }

            var dot = name.IndexOf('.');
            name = dot < 0 ? default : name[(dot + 1)..];
        }

        return TryAny(headerFrom, silent, out keys, out fault);
    }

    /// <summary>Why mail of this domain is not taken or sent now; null when it is.</summary>
    public string? FaultOf(DomainName headerFrom) => !TryFind(headerFrom, out var keys, out var fault) ? fault
        : _standings?.IsWithheld(headerFrom, keys) == true ? "a key of it was revoked, and no other key of its own may sign yet"
        : null;

    /// <summary>As <see cref="TryFind(DomainName, out IReadOnlyList{SigningKey})"/>; empty also for a broken domain.</summary>
    public IReadOnlyList<SigningKey> For(DomainName headerFrom) => TryFind(headerFrom, out var keys) ? keys : [];

    private bool TryAny(DomainName headerFrom, DomainKeys? silent, out IReadOnlyList<SigningKey> keys, out string? fault)
    {
        fault = _table.Any.Fault;
        if (_table.Any.Held!.All.Count > 0 || _table.Any.Fault is not null)
        {
            if (fault is not null)
            {
                return Refuse(_table.Any, fault, out keys);
            }

            var ready = headerFrom.IsEmpty ? null : ForAny(headerFrom);
            if (ready is { HasOwn: true })
            {
                keys = ready.Keys;
                return true;
            }

            silent ??= headerFrom.IsEmpty ? null : _table.Any;
        }

        if (silent is not null)
        {
            return Refuse(silent, fault = "it has keys, but none of them may sign now (a new key waits until DNS shows it), and no domain above it has one that may", out keys);
        }

        fault = _table.Also.Fault ?? (_also.Count == 0 && _table.Also.Held!.All.Count > 0 ? "the keys of dkim.also may not sign now, and nobody else signs for it" : null);
        if (fault is not null)
        {
            return Refuse(_table.Also, fault, out keys);
        }

        keys = _also;
        return true;
    }

    private bool Refuse(DomainKeys domain, string fault, out IReadOnlyList<SigningKey> keys)
    {
        keys = [];
        // A ring that nobody listens to, made for a question, leaves the report to the one in force.
        if (Broke is { } tell && domain.Report())
        {
            tell(domain.Domain, fault);
        }

        return false;
    }

    private bool TryReady(DomainKeys domain, [NotNullWhen(true)] out ReadyKeys? ready, [NotNullWhen(false)] out string? fault)
    {
        var held = domain.Held;
        fault = null;
        ready = held?.Ready;
        if (ready?.Ring != this)
        {
            return TryMake(domain, out ready, out fault);
        }

        held!.Touch();
        return true;
    }

    // One thread parses a domain's keys, others that need them wait for it: it is a millisecond.
    private bool TryMake(DomainKeys domain, [NotNullWhen(true)] out ReadyKeys? ready, [NotNullWhen(false)] out string? fault)
    {
        ready = null;
        fault = domain.Fault ?? _table.Also.Fault;
        if (fault is not null)
        {
            return false;
        }

        lock (domain)
        {
            var held = domain.Held;
            if (held is null && !TryParse(domain, out held, out fault))
            {
                return false;
            }

            var own = held.All.Where(key => MaySign(domain.Domain, key)).ToList();
            ready = held.Ready is { } made && made.Ring == this ? made : new ReadyKeys(this, WithAlso(own), own.Count > 0);
            held.Ready = ready;
            return true;
        }
    }

    private bool TryParse(DomainKeys domain, [NotNullWhen(true)] out HeldKeys? held, [NotNullWhen(false)] out string? fault)
    {
        held = null;
        var keys = new SigningKey[domain.Files.Length];
        for (var at = 0; at < keys.Length; at++)
        {
            if (!_table.TryRead(domain.Domain, domain.Files[at], out keys[at]!, out fault))
            {
                return false;
            }
        }

        fault = null;
        held = new HeldKeys(keys);
        _table.Cache.Add(domain, held);
        domain.Mend();
        return true;
    }

    private bool MaySign(DomainName domain, SigningKey key) => _standings?.MaySign(domain, key.Selector) ?? true;

    private IReadOnlyList<SigningKey> WithAlso(IReadOnlyList<SigningKey> own) =>
        [.. own, .. _also.Where(key => !own.Any(other => other.Domain == key.Domain && other.Selector == key.Selector))];

    private ReadyKeys ForAny(DomainName domain) => _anyByDomain.TryGetValue(domain, out var ready) ? ready : Remember(domain);

    private ReadyKeys Remember(DomainName domain)
    {
        var own = _table.Any.Held!.All.Where(key => MaySign(domain, key)).Select(key => key.Under(domain, key.Selector)).ToList();
        var ready = new ReadyKeys(this, WithAlso(own), own.Count > 0);
        if (_anyByDomain.Count < MaxRemembered)
        {
            _anyByDomain.TryAdd(domain, ready);
        }

        return ready;
    }
}
