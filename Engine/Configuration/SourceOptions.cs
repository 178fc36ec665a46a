using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>An address mail leaves from. Key <c>sources.NAME</c>.</summary>
internal sealed record SourceOptions
{
    /// <summary>The address receivers see.</summary>
    [Required]
    [Form(TextForm.Address)]
    public string Address { get; init; } = string.Empty;

    /// <summary>The local address to bind where NAT makes it another; default <c>address</c>.</summary>
    [Form(TextForm.Address)]
    public string? Bind { get; init; }

    /// <summary>EHLO name, equal to the PTR of the address. Required once there are two sources; default <c>hostname</c>.</summary>
    [Form(TextForm.Domain)]
    public string? Ehlo { get; init; }

    /// <summary>How the address is warmed up; left out, it is warm.</summary>
    public WarmupOptions? Warmup { get; init; }

    /// <summary>
    /// A proxy that has the address, as <c>haproxy2://10.0.0.5:5000</c>: connections go to it and begin with a PROXY protocol version 2 header
    /// that names <c>address</c> and the exchanger; it must bind the one and connect to the other. Default none: the address is on this host.
    /// </summary>
    [Form(TextForm.Proxy)]
    public string? Proxy { get; init; }
}
