using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>Recipients an account may submit in a window. Key <c>accounts.NAME.quota</c>.</summary>
internal sealed record QuotaOptions
{
    /// <summary>Length of the window: a part of a day, counted from midnight, or whole days. From <c>1h</c> to <c>31d</c>; default <c>24h</c>.</summary>
    [Between("1h", "31d")]
    public TimeSpan Per { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Recipients in a window. From 1 to 2 000 000 000.</summary>
    [Required]
    [Between(1, 2_000_000_000)]
    public int Max { get; init; }

    /// <summary>What happens to more. Default <c>reject</c>: the client keeps it and tries again.</summary>
    public QuotaOver Over { get; init; } = QuotaOver.Reject;
}
