using Engine.Configuration.Shapes;

namespace Engine.Configuration.Providers;

/// <summary>What a provider takes from one source address. Key <c>limits</c> of a provider.</summary>
internal sealed record ProviderLimits
{
    /// <summary>Connections open at once from one source. From 1 to 100 000; null where nothing is known.</summary>
    [Between(1, 100_000)]
    public int? Connections { get; init; }

    /// <summary>Messages before the session says QUIT. From 1 to 100 000; null where nothing is known.</summary>
    [Between(1, 100_000)]
    public int? MessagesPerConnection { get; init; }

    /// <summary>Recipients per time from one source; null, the usual case, leaves it to the closed loop.</summary>
    public Rate? Rate { get; init; }

    /// <summary>Recipients of one transaction. From 1 to 100 000; null is no bound of the provider's.</summary>
    [Between(1, 100_000)]
    public int? RecipientsPerTransaction { get; init; }

    public ConnectionScope ConnectionScope { get; init; }

    /// <summary>Connections the provider itself names as its bound, where <see cref="Connections"/> stays below; for people.</summary>
    [Between(1, 100_000)]
    public int? ConnectionsPublished { get; init; }

    /// <summary>Recipients per time from a source the provider does not know; a bound for warm-up.</summary>
    public Rate? NewSource { get; init; }

    /// <summary>How long an idle connection may stay open. From 1s to 10m; null leaves it to <c>delivery.connections.idle</c>.</summary>
    [Between("1s", "10m")]
    public TimeSpan? Idle { get; init; }

    /// <summary>TLS the provider wants; null leaves it to <c>delivery.tls.policy</c>.</summary>
    public TlsPolicy? Tls { get; init; }
}
