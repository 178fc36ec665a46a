using Engine.Configuration;
using Engine.Dkim;
using Engine.Dns;
using Engine.Mail;
using Engine.Reputation;

namespace Engine.Preflight;

/// <summary>A sender domain, and how its mail leaves us.</summary>
/// <param name="Domain">Of the From header.</param>
/// <param name="ReturnPath">Domain of MAIL FROM on the wire: what SPF looks at.</param>
/// <param name="IsOwnPath">Whether that path is one of ours, so that bounces should come to us; else it is the submitter's, taken to be of the From domain.</param>
/// <param name="Keys">What signs its mail.</param>
/// <param name="Sources">What it may leave from.</param>
/// <param name="Self">By what we know ourselves among exchangers.</param>
internal sealed record DomainSubject(DomainName Domain, DomainName ReturnPath, bool IsOwnPath, IReadOnlyList<SigningKey> Keys, IReadOnlyCollection<Source> Sources, OwnIdentity Self)
{
    /// <summary>Why no key signs, and its mail is refused with 451 or waits; null when it goes.</summary>
    public string? KeyFault { get; init; }

    public static DomainSubject Of(DomainName domain, Snapshot snapshot, KeyRing keys, IReadOnlyCollection<Source> sources, OwnIdentity self)
    {
        var feedback = snapshot.Feedback;
        var isOwn = feedback.Verp is not Verp.Off;
        return new DomainSubject(domain, isOwn ? DomainName.Parse(feedback.ReturnPaths.Of(domain).Name) : domain, isOwn, keys.For(domain), sources, self) { KeyFault = keys.FaultOf(domain) };
    }
}
