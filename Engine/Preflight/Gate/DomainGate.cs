using System.Collections.Frozen;
using Engine.Configuration;
using Engine.Mail;

namespace Engine.Preflight.Gate;

/// <summary>Which sender domains may not send now, and why. Thread-safe; asking takes no lock.</summary>
/// <param name="events">Told of what begins and ends.</param>
/// <param name="clock">The time.</param>
internal sealed class DomainGate(IEvents events, TimeProvider clock)
{
    private const string Who = "preflight";

    private readonly GateMachine _machine = new();
    private readonly Lock _gate = new();
    private FrozenDictionary<DomainName, string> _paused = FrozenDictionary<DomainName, string>.Empty;
    private bool _wasInDoubt;
    private int _published;

    /// <summary>The paused domains are others. Raised outside any lock, on the thread of whoever changed them.</summary>
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
                Tell(standing.Domain.Name, "domain/contradiction", $"{reason}; {(terms.Level is VerifyLevel.Required ? $"paused when it stays so for {terms.Grace:g}" : "advice only")}; {verb}");
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
        lock (_gate)
        {
            if (_published == _machine.PausedVersion)
            {
                return;
            }

            _published = _machine.PausedVersion;
            Volatile.Write(ref _paused, _machine.Standings.Where(one => one.IsPaused).ToFrozenDictionary(one => one.Domain, one => one.Reason));
        }

        Changed?.Invoke();
    }
}
