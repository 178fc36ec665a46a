using Engine.Mail;

namespace Engine.Routing;

/// <summary>A set of exchangers. Every recipient domain with the same set shares it.</summary>
/// <param name="Id">Stable while the set is known.</param>
/// <param name="Name">First exchanger by preference and name, or the domain for its implicit MX; what limits and status call it.</param>
/// <param name="Provider">Id of the provider whose exchangers these are; null for none of the named ones.</param>
/// <param name="Hosts">By preference.</param>
internal sealed record Destination(DestinationId Id, string Name, string? Provider, IReadOnlyList<ExchangerHost> Hosts)
{
    /// <summary>What the recipient domains ask of TLS; all of them the same.</summary>
    public TlsRequirement Tls { get; init; } = TlsRequirement.None;

    /// <summary>Set where this is no set of exchangers but a relay of ours.</summary>
    public Relay? Relay { get; init; }

    /// <summary>Whose rules hold, see <see cref="OperatorName"/>. Limits and control are keyed by it.</summary>
    public string Operator
    {
        get => Relay?.Operator ?? field;
        init;
    } = Provider ?? Name;
}
