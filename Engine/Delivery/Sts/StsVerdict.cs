using Engine.Dns;
using Engine.Routing;

namespace Engine.Delivery.Sts;

/// <summary>What is known of a domain for now, so that its next message asks nothing. Immutable.</summary>
/// <param name="Entry">Its policy; null for none.</param>
/// <param name="Expires">When the TXT record, or a fetch that failed, is to be tried again; not after the policy ends.</param>
internal sealed record StsVerdict(StsEntry? Entry, DateTimeOffset Expires) : IAnswer
{
    private static readonly TlsRequirement AuthenticOnly = new() { IsMxAuthentic = true };

    /// <summary>Always the same object.</summary>
    public TlsRequirement Requirement(bool isAuthentic) => Entry?.Requirement(isAuthentic) ?? Without(isAuthentic);

    /// <summary>Of a domain without a policy.</summary>
    public static TlsRequirement Without(bool isAuthentic) => isAuthentic ? AuthenticOnly : TlsRequirement.None;
}
