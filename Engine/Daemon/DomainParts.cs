using System.Collections.Frozen;
using System.Net;
using Engine.Configuration;
using Engine.Dkim;
using Engine.Dns;
using Engine.Mail;
using Engine.Preflight;
using Engine.Preflight.Bimi;
using Engine.Preflight.Gate;
using Engine.Reputation;
using Engine.Submission;
using Engine.Wire;

namespace Engine.Daemon;

/// <summary>Checks of sender domains: what <c>domain check</c> runs, the hourly checks, and the gate they feed.</summary>
internal sealed class DomainParts : IDisposable
{
    // A client shows it in a log line.
    private const int LongestReason = 200;

    private readonly CurrentSnapshot _current;
    private readonly SourceMap _sources;
    private readonly Func<KeyRing> _keys;
    private readonly DomainChecker _checker;
    private readonly FetchLogo _fetch;
    private readonly CheckRoster _roster;
    private readonly DomainWatch _watch;
    private readonly GateMeter _meter;
    private readonly LastingLoop _loops;
    private DomainSources _usable;

    public DomainParts(CurrentSnapshot current, SourceMap sources, Func<KeyRing> keys, Func<MailDns> dns, StrictHttps https, IEvents events, Random chance, TimeProvider clock, ILoggerFactory loggers)
    {
        (_current, _sources, _keys) = (current, sources, keys);
        _usable = new DomainSources(current.Value);
        _checker = DomainChecker.Over(() => dns().Client, clock);
        _fetch = LogoSource.Over(https);
        Gate = new DomainGate(events, clock, loggers.CreateLogger<DomainGate>());
        _roster = new CheckRoster(chance, clock);
        _watch = new DomainWatch(_roster, Gate, () => _current.Value.Verify, (domain, stop) => _checker.CheckGateAsync(SubjectOf(domain), stop), clock);
        _meter = new GateMeter(Gate);
        _loops = new LastingLoop(clock, loggers.CreateLogger<DomainParts>());
        _roster.Load(current.Value.Verify);
    }

    /// <summary>Who may not send.</summary>
    public DomainGate Gate { get; }

    /// <summary>Where feedback listeners take mail.</summary>
    public IReadOnlyList<IPEndPoint> Self { get; set; } = [];

    /// <summary>What is kept over a restart.</summary>
    public IReadOnlyList<KeptState> States => [KeptState.OfStream("domains", Gate.Save, Gate.Restore)];

    /// <summary>By what an engine of this configuration is known among exchangers.</summary>
    /// <param name="snapshot">The configuration.</param>
    /// <param name="sources">Its sources.</param>
    /// <param name="bound">Feedback listeners; those of a wildcard stand for every address of the host.</param>
    public static OwnIdentity IdentityOf(Snapshot snapshot, IReadOnlyCollection<Source> sources, IReadOnlyList<IPEndPoint> bound)
    {
        var names = sources.Select(source => source.Ehlo).Append(snapshot.Options.Hostname).Select(name => DomainName.TryParse(name, out var domain) ? domain : default);
        var isWild = bound.Any(one => one.Address.Equals(IPAddress.Any) || one.Address.Equals(IPAddress.IPv6Any));
        var addresses = sources.Select(source => source.Address).OfType<IPAddress>().Concat(bound.Select(one => one.Address)).Concat(isWild ? LocalAddresses.All().Where(one => !IPAddress.IsLoopback(one)) : []);
        return new OwnIdentity(names.Where(name => !name.IsEmpty).ToFrozenSet(), addresses.ToFrozenSet());
    }

    /// <summary>At submission: notes who sends, and refuses a domain that is paused. Allocates nothing where it is not.</summary>
    public Refusal? RefusalFor(AccountRules account, DomainName from)
    {
        var snapshot = _current.Value;
        if (snapshot.Verify.IsOff || from.IsEmpty || !snapshot.Options.Accounts.ContainsKey(account.Name) || snapshot.Verify.Of(from).Level is VerifyLevel.Off)
        {
            return null;
        }

        _roster.Note(from);
        return Gate.Paused.TryGetValue(from, out var reason)
            ? new Refusal(RejectReason.Sender, new Submission.Reply(451, new EnhancedCode(4, 7, 0), $"DNS does not let {from} send: {Plain(reason)}; see 'engine domain check {from}'"))
            : null;
    }

    /// <summary>After a reload.</summary>
    public void Load(Snapshot snapshot)
    {
        Gate.Load(snapshot.Verify);
        _roster.Load(snapshot.Verify);
    }

    /// <summary>Runs the hourly checks until stopped. What was contradicted before the start comes first.</summary>
    public Task RunAsync(CancellationToken stop)
    {
        Gate.Load(_current.Value.Verify);
        foreach (var standing in Gate.List())
        {
            _roster.Restore(standing.Domain);
        }

        return _loops.RunAsync("domain checks", _watch.RunAsync, stop);
    }

    /// <summary>Everything about a domain, now. Where it is verified the gate hears of it: a good check ends a pause at once.</summary>
    public async Task<DomainReport> CheckAsync(DomainName domain, CancellationToken stop)
    {
        var report = await _checker.CheckAllAsync(SubjectOf(domain), _fetch, stop).ConfigureAwait(false);
        var terms = _current.Value.Verify.Of(domain);
        if (terms.Level is not VerifyLevel.Off && (Gate.Find(domain) is not null || _roster.Knows(domain)))
        {
            Gate.Record(report, terms);
        }

        return report;
    }

    /// <summary>Names of sources.</summary>
    /// <param name="name">Of one; null for all.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>Null when there is none of that name.</returns>
    public async Task<IReadOnlyList<DomainFinding>?> CheckSourcesAsync(string? name, CancellationToken stop)
    {
        var sources = _sources.Sources.Where(source => name is null || source.Name == name).ToArray();
        return sources.Length == 0 ? null : await _checker.CheckSourcesAsync(sources, stop).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _watch.Dispose();
        _meter.Dispose();
    }

    private static string Plain(string reason)
    {
        var text = new string([.. reason.Select(sign => sign is >= ' ' and <= '~' ? sign : '?')]);
        return text.Length > LongestReason ? text[..LongestReason] : text;
    }

    private DomainSubject SubjectOf(DomainName domain)
    {
        var (snapshot, sources) = (_current.Value, _sources.Sources);
        var usable = Volatile.Read(ref _usable);
        if (usable.Snapshot != snapshot)
        {
            usable = new DomainSources(snapshot);
            Volatile.Write(ref _usable, usable);
        }

        return DomainSubject.Of(domain, snapshot, _keys(), usable.Of(domain, sources), IdentityOf(snapshot, sources, Self));
    }
}
