using Engine.Mail;
using Engine.Routing;

namespace Engine.Delivery.Sts;

/// <summary>A policy that we have of a domain. Immutable.</summary>
/// <param name="Domain">Whose.</param>
/// <param name="Id">Of the TXT record when it was fetched.</param>
/// <param name="Policy">What it says.</param>
/// <param name="Fetched">When.</param>
internal sealed record StsEntry(DomainName Domain, string Id, StsPolicy Policy, DateTimeOffset Fetched)
{
    /// <summary>A policy holds so long at least: with less every message would fetch it anew, and RFC 8461 §3.3 wants five minutes between fetches.</summary>
    public static readonly TimeSpan ShortestAge = TimeSpan.FromMinutes(5);

    /// <summary>It holds until then. RFC 8461 §3.2 <c>max_age</c>.</summary>
    public DateTimeOffset Ends => Fetched + (Policy.MaxAge > ShortestAge ? Policy.MaxAge : ShortestAge);

    /// <summary>When it is to be fetched again.</summary>
    public DateTimeOffset RefreshAt { get; init; } = DateTimeOffset.MaxValue;

    /// <summary>The operator was told that it will end.</summary>
    public bool IsTold { get; init; }

    /// <summary>The requirement; always the same object.</summary>
    /// <param name="isAuthentic">Whether the exchangers are validated.</param>
    public TlsRequirement Requirement(bool isAuthentic) => isAuthentic ? Authentic : Plain;

    private TlsRequirement Plain => field ??= Make(isAuthentic: false);

    private TlsRequirement Authentic => field ??= Make(isAuthentic: true);

    private TlsRequirement Make(bool isAuthentic) => Policy.Mode is StsMode.None
        ? StsVerdict.Without(isAuthentic)
        : new TlsRequirement { Sts = Policy.Mode, MxPatterns = Policy.Patterns, IsMxAuthentic = isAuthentic };
}
