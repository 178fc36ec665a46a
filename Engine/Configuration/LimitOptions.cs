using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>One limit: what it holds for, what it counts by, how much. Key <c>limits.NAME</c>. Every limit that matches applies; all must grant.</summary>
internal sealed record LimitOptions
{
    /// <summary>Dimension to value; empty matches everything.</summary>
    public IReadOnlyDictionary<LimitDimension, string> Match { get; init; } = new Dictionary<LimitDimension, string>();

    /// <summary>One bucket for each combination of these; empty means one bucket in all.</summary>
    public IReadOnlyList<LimitDimension> Per { get; init; } = [];

    /// <summary>Connections open at once. From 1 to 100 000; null is no limit.</summary>
    [Between(1, 100_000)]
    public int? Connections { get; init; }

    /// <summary>Messages before the session says QUIT. From 1 to 100 000; null leaves it to <c>delivery.connections.messages</c>.</summary>
    [Between(1, 100_000)]
    public int? MessagesPerConnection { get; init; }

    /// <summary>Recipients sent; one token is one RCPT.</summary>
    public Rate? Rate { get; init; }

    /// <summary>New connections; one token is one connection that is opened, not one that is used again.</summary>
    public Rate? ConnectionRate { get; init; }

    /// <summary>Recipients sent in a day of <c>timeZone</c>. From 1 to 1 000 000 000; null is no limit.</summary>
    [Between(1, 1_000_000_000)]
    public int? PerDay { get; init; }
}
