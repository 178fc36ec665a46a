namespace Engine.Configuration;

/// <summary>TLS towards receivers. Key <c>delivery.tls</c>.</summary>
internal sealed record DeliveryTlsOptions
{
    public TlsPolicy Policy { get; init; } = TlsPolicy.Opportunistic;
}
