using Engine.Dns;
using Engine.Routing;

namespace Engine.Delivery.Sts;

/// <summary>What is known of a domain for now, so that its next message asks nothing. Immutable; keeps no policy alive.</summary>
/// <param name="Holding">Where its policy is kept; null for none.</param>
/// <param name="Expires">When the TXT record, or a fetch that failed, is to be tried again; not after the policy ends.</param>
internal sealed record StsVerdict(StsHolding? Holding, DateTimeOffset Expires) : IAnswer
{
    private static readonly TlsRequirement AuthenticOnly = new() { IsMxAuthentic = true };

    /// <summary>Always the same object; counts as use. Null when the policy was dropped since: ask again.</summary>
    public TlsRequirement? Find(bool isAuthentic)
    {
        if (Holding is null)
        {
            return Without(isAuthentic);
        }

        Holding.MarkUsed();
        return Holding.Entry?.Requirement(isAuthentic);
    }

    /// <summary>As <see cref="Find"/>; a policy that was dropped asks for nothing.</summary>
    public TlsRequirement Requirement(bool isAuthentic) => Find(isAuthentic) ?? Without(isAuthentic);

    /// <summary>Of a domain without a policy.</summary>
    public static TlsRequirement Without(bool isAuthentic) => isAuthentic ? AuthenticOnly : TlsRequirement.None;
}
