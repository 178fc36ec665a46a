using Engine.Configuration;

namespace Engine.Delivery.Smtp;

/// <summary>What a session needs to know beside its connection.</summary>
/// <param name="EhloName">EHLO argument: the name of the source, or an address literal.</param>
/// <param name="Host">Name of the exchanger: for SNI and for what is remembered about it.</param>
/// <param name="Tls">Whether to ask for STARTTLS.</param>
/// <param name="Timeouts">Key <c>delivery.timeouts</c>.</param>
internal sealed record SessionSettings(string EhloName, string Host, TlsPolicy Tls, TimeoutOptions Timeouts);
