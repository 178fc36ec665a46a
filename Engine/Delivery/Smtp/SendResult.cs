using Engine.Mail;
using Engine.Wire;

namespace Engine.Delivery.Smtp;

/// <summary>What sending one message brought, beside the verdicts.</summary>
/// <param name="State">Where it left the connection.</param>
/// <param name="Command">The command that was waiting for its reply when it broke; None when nothing broke.</param>
/// <param name="Fault">Of the network, where there was one.</param>
/// <param name="Remark">What went wrong, in words, for recipients without a verdict; null when nothing did.</param>
/// <param name="SentAsIs">Octets above 127 went to a server that had not offered 8BITMIME.</param>
internal readonly record struct SendResult(SessionState State, SmtpCommand Command, WireFault Fault, string? Remark, bool SentAsIs);
