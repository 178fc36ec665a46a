using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>Who opened or clicked lately, as told by <c>engagement import</c> and <c>POST /v1/engagement</c>. Key <c>engagement</c>. Kept as keyed digests, never as addresses.</summary>
internal sealed record EngagementOptions
{
    /// <summary>How long an address is remembered. From 1d to 365d; default 90d.</summary>
    [Between("1d", "365d")]
    public TimeSpan Keep { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How long it counts as engaged: mail to it alone is <c>high</c> where the message says nothing. From 1d to 365d; default 30d.</summary>
    [Between("1d", "365d")]
    public TimeSpan EngagedFor { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Addresses remembered; beyond it those engaged longest ago go. From 1 000 to 100 000 000; default 10 000 000, which take up to 256 MiB; memory is taken as they come.</summary>
    [Between(1_000, 100_000_000)]
    public int MaxAddresses { get; init; } = 10_000_000;
}
