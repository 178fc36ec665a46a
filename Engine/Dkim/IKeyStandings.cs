using Engine.Mail;

namespace Engine.Dkim;

/// <summary>Which keys sign now: a key waits until DNS shows it, and stops signing before its record goes. Immutable or thread-safe; asked when a domain's keys are put together.</summary>
internal interface IKeyStandings
{
    /// <summary>True also for a key that nobody rotates.</summary>
    bool MaySign(DomainName domain, string selector);
}
