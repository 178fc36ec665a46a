using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>Outbound connections. Key <c>delivery.connections</c>.</summary>
internal sealed record ConnectionOptions
{
    /// <summary>Open at once in all; kept below the descriptor limit. From 1 to 500 000; default 20 000.</summary>
    [Between(1, 500_000)]
    public int Max { get; init; } = 20_000;

    /// <summary>Open at once from one source to one destination. From 1 to 10 000; default 20.</summary>
    [Between(1, 10_000)]
    public int PerDestination { get; init; } = 20;

    /// <summary>How long an idle connection is kept. From 0s to 5m; default 30s.</summary>
    [Between("0s", "5m")]
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Messages before QUIT. From 1 to 100 000; default 100.</summary>
    [Between(1, 100_000)]
    public int Messages { get; init; } = 100;
}
