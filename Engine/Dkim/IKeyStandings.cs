using Engine.Mail;

namespace Engine.Dkim;

/// <summary>Which keys sign now: a key waits until DNS shows it, and stops signing before its record goes. Immutable or thread-safe; asked when a domain's keys are put together.</summary>
internal interface IKeyStandings
{
    /// <summary>True also for a key that nobody rotates.</summary>
    bool MaySign(DomainName domain, string selector);

    /// <summary>True when all that is known of the domain's keys is that they wait for their first signature: until then it counts as having none.</summary>
    bool HasNeverSigned(DomainName domain) => false;

    /// <summary>Whether mail from this domain must wait though these keys would sign: one of its own was revoked, and none took its place.</summary>
    bool IsWithheld(DomainName from, IReadOnlyList<SigningKey> signers) => false;
}
