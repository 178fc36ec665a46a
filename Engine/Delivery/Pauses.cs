using System.Collections.Frozen;
using Engine.Mail;

namespace Engine.Delivery;

/// <summary>What operators, brakes and account states keep from leaving now. Immutable; made anew when overrides or the configuration change.</summary>
/// <param name="All">Everything is paused.</param>
/// <param name="Accounts">Paused, in review, disabled or broken.</param>
/// <param name="Streams">As <c>account/stream</c>.</param>
/// <param name="Pools">By name.</param>
internal sealed record Pauses(bool All, FrozenSet<string> Accounts, FrozenSet<string> Streams, FrozenSet<string> Pools)
{
    public static readonly Pauses None = new(All: false, FrozenSet<string>.Empty, FrozenSet<string>.Empty, FrozenSet<string>.Empty);

    /// <summary>Accounts of which one class is paused.</summary>
    public FrozenSet<(string Account, StreamClass Class)> Classes { get; init; } = FrozenSet<(string Account, StreamClass Class)>.Empty;

    /// <summary>Campaigns of accounts.</summary>
    public FrozenSet<(string Account, string Campaign)> Campaigns { get; init; } = FrozenSet<(string Account, string Campaign)>.Empty;

    /// <summary>Sender domains that DNS contradicts: held is their mail of accounts in <see cref="Verified"/>.</summary>
    public IReadOnlySet<DomainName> Domains { get; init; } = FrozenSet<DomainName>.Empty;

    /// <summary>Accounts whose sender domains are verified: those of the configuration, not the built-in ones.</summary>
    public IReadOnlySet<string> Verified { get; init; } = FrozenSet<string>.Empty;

    private bool IsEmpty => !All && Accounts.Count == 0 && Streams.Count == 0 && Pools.Count == 0 && Classes.Count == 0 && Campaigns.Count == 0 && Domains.Count == 0;

    public bool Holds(Flow flow, string pool) =>
        !IsEmpty
        && (All
            || Accounts.Contains(flow.Account)
            || Pools.Contains(pool)
            || Classes.Contains((flow.Account, flow.Class))
            || (flow.Campaign.Length > 0 && Campaigns.Contains((flow.Account, flow.Campaign)))
            || (Domains.Count > 0 && Domains.Contains(flow.SenderDomain) && Verified.Contains(flow.Account))
            || (Streams.Count > 0 && Streams.Contains($"{flow.Account}/{flow.Stream}")));
}
