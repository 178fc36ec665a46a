using Engine.Configuration;
using Engine.Delivery.Trust;

namespace Engine.Delivery.Smtp;

/// <summary>What a session needs to know beside its connection.</summary>
/// <param name="EhloName">EHLO argument: the name of the source, or an address literal.</param>
/// <param name="Host">Name of the exchanger: for SNI and for what is remembered about it.</param>
/// <param name="Tls">Whether to ask for STARTTLS.</param>
/// <param name="Timeouts">Key <c>delivery.timeouts</c>.</param>
internal sealed record SessionSettings(string EhloName, string Host, TlsPolicy Tls, TimeoutOptions Timeouts)
{
    /// <summary>Ours at this server; null logs in nowhere.</summary>
    public Login? Login { get; init; }

    /// <summary>Whether the password may go in the clear: never but to this very host, where the relay's option says so.</summary>
    public bool MayLogInClear { get; init; }

    /// <summary>Names the server must not go by; null checks none.</summary>
    public IReadOnlySet<string>? Self { get; init; }

    /// <summary>Looks at the certificate; null takes any.</summary>
    public ServerCheck? Check { get; init; }

    /// <summary>A server that does not offer REQUIRETLS is of no use. RFC 8689 §4.2.1.</summary>
    public bool NeedsRequireTls { get; init; }

    public OpeningTerms Terms => new(Tls, Login is null ? LoginPolicy.None : MayLogInClear ? LoginPolicy.Clear : LoginPolicy.Encrypted, Self) { NeedsRequireTls = NeedsRequireTls };
}
