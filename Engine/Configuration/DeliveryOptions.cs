using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>How mail leaves. Key <c>delivery</c>.</summary>
internal sealed record DeliveryOptions
{
    public DeliveryMode Mode { get; init; } = DeliveryMode.Send;

    public RetryOptions Retry { get; init; } = new();

    public GiveUpOptions GiveUp { get; init; } = new();

    public ConnectionOptions Connections { get; init; } = new();

    public ControlOptions Control { get; init; } = new();

    public TimeoutOptions Timeouts { get; init; } = new();

    public DeliveryTlsOptions Tls { get; init; } = new();

    public AddressFamilyChoice AddressFamily { get; init; } = AddressFamilyChoice.Ipv4First;

    /// <summary>Non-global networks (CIDR) that may be connected to; default none. For labs, demos and tests.</summary>
    [Form(TextForm.Network)]
    public IReadOnlyList<string> AllowAddresses { get; init; } = [];

    /// <summary>Port of mail exchangers. From 1 to 65535; default 25.</summary>
    [Between(1, 65_535)]
    public int Port { get; init; } = 25;
}
