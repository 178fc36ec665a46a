using Engine.Dkim;
using Engine.Mail;
using Engine.Submission;

namespace Engine.Daemon;

/// <summary>Signing as it runs: the key ring in force, who may sign, and the threads that do. Any thread may ask; one at a time loads.</summary>
internal sealed class SigningParts : IDisposable
{
    private readonly IEvents _events;
    private readonly TimeProvider _clock;
    private readonly Lock _loading = new();
    private KeyRing _keys;
    private IKeyStandings? _standings;

    public SigningParts(KeyRing keys, IEvents events, TimeProvider clock)
    {
        (_events, _clock) = (events, clock);
        _keys = InForce(keys);
    }

    public SigningWork Work { get; } = new(Environment.ProcessorCount);

    /// <summary>The ring in force.</summary>
    public KeyRing Keys => Volatile.Read(ref _keys);

    /// <summary>Puts a ring that was read anew in force; who may sign stays.</summary>
    public void Load(KeyRing keys)
    {
        lock (_loading)
        {
            Volatile.Write(ref _keys, InForce(keys.With(_standings)));
        }
    }

    /// <summary>Other keys may sign from now on. Call it again when the answers of <paramref name="standings"/> change: a ring asks once for a domain.</summary>
    public void Load(IKeyStandings standings)
    {
        lock (_loading)
        {
            _standings = standings;
            Volatile.Write(ref _keys, InForce(_keys.With(standings)));
        }
    }

    /// <summary>Other keys may sign, of other files.</summary>
    /// <param name="standings">Who may sign; null: as before.</param>
    /// <param name="change">Makes the next ring from the one in force; no other is loaded meanwhile.</param>
    public void Load(IKeyStandings? standings, Func<KeyRing, KeyRing> change)
    {
        lock (_loading)
        {
            _standings = standings ?? _standings;
            Volatile.Write(ref _keys, InForce(change(_keys).With(_standings)));
        }
    }

    /// <summary>For one session; asks for the ring once a message.</summary>
    public IHeadSealer MakeSealer() => new DkimSealer(() => Keys, Work);

    public void Dispose() => Work.Dispose();

    private KeyRing InForce(KeyRing keys)
    {
        keys.Broke += Alert;
        return keys;
    }

    private void Alert(DomainName domain, string reason) => _events.Write(new Event
    {
        Kind = EventKind.Alert,
        Time = _clock.GetUtcNow(),
        RecipientIndex = -1,
        Domain = domain.IsEmpty ? null : domain.Name,
        Who = domain.IsEmpty ? "dkim" : domain.Name,
        Rule = "dkim/broken",
        Reason = $"mail of {(domain.IsEmpty ? "domains without keys of their own" : domain.Name)} is refused with 451, for it would go unsigned: {reason}",
    });
}
