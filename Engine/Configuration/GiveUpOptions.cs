using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>How long a recipient is tried, from acceptance. Key <c>delivery.giveUp</c>. A stream's value wins. Each from 1m to 14d.</summary>
internal sealed record GiveUpOptions
{
    /// <summary>Default 24h: a receipt of yesterday is worth little.</summary>
    [Between("1m", "14d")]
    public TimeSpan Transactional { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Default 72h.</summary>
    [Between("1m", "14d")]
    public TimeSpan Marketing { get; init; } = TimeSpan.FromHours(72);
}
