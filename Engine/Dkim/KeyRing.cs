using Engine.Configuration;
using Engine.Mail;

namespace Engine.Dkim;

/// <summary>Every signing key of one configuration. Immutable; made anew at reload.</summary>
internal sealed class KeyRing
{
    /// <summary>Loads the keys that the snapshot names and those found by convention. A key that does not load is a finding of its domain.</summary>
    public static KeyRing Load(Snapshot snapshot, Findings findings) => throw new NotImplementedException();

    /// <summary>Keys for mail whose From header names this domain, <c>dkim.also</c> included; empty when it goes unsigned. No allocation.</summary>
    public IReadOnlyList<SigningKey> For(DomainName headerFrom) => throw new NotImplementedException();
}
