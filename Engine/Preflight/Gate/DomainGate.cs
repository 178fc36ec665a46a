using System.Collections.Frozen;
using Engine.Configuration;
using Engine.Mail;

namespace Engine.Preflight.Gate;

/// <summary>Which sender domains may not send now, and why. Thread-safe; asking takes no lock.</summary>
/// <param name="events">Alerts: of a pause, under advise of a contradiction that has lasted for the grace, and of the end of either.</param>
/// <param name="clock">The time.</param>
/// <param name="log">Told of contradictions that begin, and of those that end within the grace.</param>
internal sealed class DomainGate(IEvents events, TimeProvider clock, ILogger log)
{
    private const string Who = "preflight";

    private readonly GateMachine _machine = new();
    private readonly Lock _gate = new();
    private FrozenDictionary<DomainName, string> _paused = FrozenDictionary<DomainName, string>.Empty;
    private bool _wasInDoubt;
    private int _published;

    /// <summary>Other domains are paused than before; not for another reason alone. Raised outside any lock, on the thread of whoever changed them.</summary>
    public event Action? Changed;

    /// <summary>Paused domains, and what is wrong with each.</summary>
    public FrozenDictionary<DomainName, string> Paused => Volatile.Read(ref _paused);

    /// <summary>Most domains contradict at once: nobody is paused for now.</summary>
    public bool IsInDoubt
    {
        get
        {
            lock (_gate)
            {
                return _machine.IsInDoubt;
            }
        }
    }

    public DomainStanding? Find(DomainName domain)
    {
        lock (_gate)
        {
            return _machine.Find(domain);
        }
    }

    /// <summary>All standings, in no order.</summary>
    public IReadOnlyList<DomainStanding> List()
    {
        lock (_gate)
        {
            return [.. _machine.Standings];
        }
    }

    /// <summary>Takes what a check found.</summary>
    public void Record(DomainReport report, VerifyOptions terms)
    {
        GateChange change;
        DomainStanding standing;
        bool isDoubtNew;
        lock (_gate)
        {
            change = _machine.Record(report.Domain, report.Evidence, report.Reason, terms, clock.GetUtcNow());
            standing = _machine.Find(report.Domain)!;
            isDoubtNew = _machine.IsInDoubt && !_wasInDoubt;
            _wasInDoubt = _machine.IsInDoubt;
        }

        if (isDoubtNew)
        {
            Tell(null, "domain/doubt", "DNS contradicts most of our domains at once: that is us or the resolver, and nobody is paused for it. Look at dns.servers, sources and keys");
        }

        Tell(change, standing, report.Reason, terms);
        Publish();
    }

    /// <summary>Other terms hold.</summary>
    public void Load(VerifyTerms terms)
    {
        lock (_gate)
        {
            _machine.Load(terms);
        }

        Publish();
    }

    public void Forget(DomainName domain)
    {
        lock (_gate)
        {
            _machine.Forget(domain);
        }

        Publish();
    }

    public void Save(Stream stream) => StandingFile.Save(stream, List());

    /// <summary>Before anything is checked.</summary>
    public void Restore(Stream stream)
    {
        var all = StandingFile.Load(stream).ToArray();
        lock (_gate)
        {
            foreach (var standing in all)
            {
                _machine.Restore(standing);
            }
        }

        Publish();
    }

    private void Tell(GateChange change, DomainStanding standing, string reason, VerifyOptions terms)
    {
        var verb = $"run 'engine domain check {standing.Domain}'";
        switch (change)
        {
            case GateChange.Contradicted:
                GateLog.Contradicted(log, standing.Domain, reason, terms.Level is VerifyLevel.Required ? "paused" : "told by an alert", terms.Grace);
                break;
            case GateChange.Passed:
                GateLog.Passed(log, standing.Domain);
                break;
            case GateChange.Advised:
                Tell(standing.Domain.Name, "domain/contradiction", $"{reason}, since {standing.Since:u}: nothing is held, verify.level is advise; {verb}");
                break;
            case GateChange.Paused:
                Tell(standing.Domain.Name, "domain/paused", $"{reason}, since {standing.Since:u}: submission answers 451 and its mail is held until it is good; {verb}");
                break;
            case GateChange.Mended:
                Tell(standing.Domain.Name, "domain/mended", "DNS says again what is needed");
                break;
            default:
                break;
        }
    }

    private void Tell(string? domain, string rule, string reason) =>
        events.Write(new Event { Kind = EventKind.Alert, Time = clock.GetUtcNow(), RecipientIndex = -1, Who = Who, Rule = rule, Domain = domain, Reason = reason });

    private void Publish()
    {
        bool isSame;
        lock (_gate)
        {
            if (_published == _machine.PausedVersion)
            {
                return;
            }

            _published = _machine.PausedVersion;
            var before = _paused;
            var now = _machine.Standings.Where(one => one.IsPaused).ToFrozenDictionary(one => one.Domain, one => one.Reason);
            isSame = now.Count == before.Count && now.Keys.All(before.ContainsKey);
            Volatile.Write(ref _paused, now);
        }

        if (!isSame)
        {
            Changed?.Invoke();
        }
    }
}
