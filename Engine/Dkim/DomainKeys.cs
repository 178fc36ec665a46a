using Engine.Mail;

namespace Engine.Dkim;

/// <summary>What a key ring knows of one domain. Shared by the rings made from one reading. Thread-safe.</summary>
internal sealed class DomainKeys
{
    private HeldKeys? _held;
    private bool _isReported;

    /// <summary>A domain with files found by convention: its keys are parsed when it first sends.</summary>
    public DomainKeys(DomainName domain, KeyFile[] files)
    {
        (Domain, Files) = (domain, files);
    }

    /// <summary>A domain with explicit keys: parsed, and kept as long as the ring.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="keys">Those that loaded.</param>
    /// <param name="fault">Why one did not; null when all did.</param>
    public DomainKeys(DomainName domain, SigningKey[] keys, string? fault)
    {
        (Domain, Files, Fault, IsExplicit) = (domain, [], fault, true);
        _held = new HeldKeys(keys);
    }

    public DomainName Domain { get; }

    /// <summary>Whether its keys stand in engine.json.</summary>
    public bool IsExplicit { get; }

    /// <summary>Empty for a domain with explicit keys.</summary>
    public KeyFile[] Files { get; }

    /// <summary>A fault that loading found and only another loading ends.</summary>
    public string? Fault { get; init; }

    /// <summary>Its keys while they are parsed.</summary>
    public HeldKeys? Held => Volatile.Read(ref _held);

    public void Hold(HeldKeys held) => Volatile.Write(ref _held, held);

    /// <summary>Lets go of these, unless others have taken their place.</summary>
    public void Drop(HeldKeys held) => Interlocked.CompareExchange(ref _held, null, held);

    /// <summary>True for the first to say so, until <see cref="Mend"/>.</summary>
    public bool Report() => !Interlocked.Exchange(ref _isReported, true);

    /// <summary>Its keys were read after all.</summary>
    public void Mend() => Volatile.Write(ref _isReported, false);
}
