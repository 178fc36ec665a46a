namespace Engine.Configuration;

/// <summary>An address mail leaves from. Key <c>sources.NAME</c>.</summary>
internal sealed record SourceOptions
{
    /// <summary>The address receivers see.</summary>
    public string Address { get; init; } = string.Empty;

    /// <summary>The local address to bind where NAT makes it another; default <c>address</c>.</summary>
    public string? Bind { get; init; }

    /// <summary>EHLO name, equal to the PTR of the address. Required once there are two sources; default <c>hostname</c>.</summary>
    public string? Ehlo { get; init; }
}
