using Engine.Configuration;
using Engine.Delivery.Dane;
using Engine.Delivery.Sts;
using Engine.Mail;
using Engine.Routing;

namespace Engine.Delivery.Trust;

/// <summary>Decides what TLS with a host must come to. The first row that fits holds. No I/O.</summary>
/// <remarks>
/// <code>
/// delivery.tls.policy off           never TLS; REQUIRETLS cannot be met
/// REQUIRETLS, name not sure         cannot be met: neither DNSSEC nor MTA-STS vouches for the name (RFC 8689 §4.2.1)
/// TLS-Required: No                  delivery.tls.policy alone (RFC 8689 §4.2.2)
/// our resolver silent about TLSA    not this host, not now, and no fault of its
/// TLSA could not be looked up       not this host, not now (RFC 7672 §2.2)
/// TLSA usable                       DANE alone: no roots, no MTA-STS (RFC 7672 §2.2, RFC 8461 §2)
/// MTA-STS enforce, host not named   not this host (RFC 8461 §4.1)
/// MTA-STS enforce                   host's name and roots (RFC 8461 §4.2)
/// REQUIRETLS, or policy verified    host's name and roots
/// TLSA, none usable                 TLS with anybody (RFC 7672 §2.2)
/// MTA-STS testing                   as delivery.tls.policy, and looked at for the report (RFC 8461 §5)
/// else                              delivery.tls.policy
/// </code>
/// </remarks>
internal static class TlsTerms
{
    public static TlsDemand Choose(in HostFacts facts)
    {
        var demand = facts.Wish is TlsWish.Optional ? Configured(facts) : Asked(facts);
        return facts.Wish is not TlsWish.Required || demand.Refusal is not null ? demand : demand with { NeedsRequireTls = true };
    }

    private static TlsDemand Asked(in HostFacts facts)
    {
        var sts = facts.Requirement.Sts;
        var isNamed = sts is not StsMode.None && StsMatch.Matches(facts.Host, facts.Requirement.MxPatterns);
        return facts switch
        {
            { Configured: TlsPolicy.Off, Wish: TlsWish.Required } => Never("delivery.tls.policy is off"),
            { Configured: TlsPolicy.Off } => TlsDemand.Off,
            { Wish: TlsWish.Required, IsNameSure: false, Requirement.IsMxAuthentic: false } when !isNamed => Never("neither DNSSEC nor MTA-STS vouches for the name of this exchanger"),
            { Dane.State: DaneState.Unanswered } => new TlsDemand(TlsPolicy.Verified) { Refusal = "no resolver answered about its TLSA records", IsOurTrouble = true, Policy = TlsPolicyKind.Tlsa },
            { Dane.State: DaneState.Failed } => Refused(TlsPolicyKind.Tlsa, TlsFailure.DnssecInvalid, "its TLSA records could not be looked up or validated"),
            { Dane.Tlsa: { Usable.Count: > 0 } tlsa } => tlsa.Demand,
            _ when sts is StsMode.Enforce && !isNamed => Refused(TlsPolicyKind.Sts, TlsFailure.ValidationFailure, "the policy does not name this host"),
            _ when sts is StsMode.Enforce => TlsDemand.Pkix(facts.Host, TlsProof.Sts),
            { Wish: TlsWish.Required } or { Configured: TlsPolicy.Verified } => TlsDemand.Pkix(facts.Host),
            { Dane.Tlsa: { } unusable } => unusable.Demand,
            _ when sts is StsMode.Testing => Trial(facts, isNamed),
            _ => Configured(facts),
        };
    }

    private static TlsDemand Trial(in HostFacts facts, bool isNamed) => Configured(facts) with
    {
        IsTrial = true,
        Proof = TlsProof.Sts,
        Name = facts.Host,
        Policy = TlsPolicyKind.Sts,
        Fault = isNamed ? TlsFailure.None : TlsFailure.ValidationFailure,
    };

    private static TlsDemand Configured(in HostFacts facts) => facts.Configured switch
    {
        TlsPolicy.Off => TlsDemand.Off,
        TlsPolicy.Required => TlsDemand.Encrypted,
        TlsPolicy.Verified => TlsDemand.Pkix(facts.Host),
        _ => TlsDemand.Opportunistic,
    };

    private static TlsDemand Never(string why) => new(TlsPolicy.Verified) { Refusal = why, IsRefusedForGood = true, NeedsRequireTls = true };

    private static TlsDemand Refused(TlsPolicyKind policy, TlsFailure fault, string why) => new(TlsPolicy.Verified) { Refusal = why, Policy = policy, Fault = fault };
}
