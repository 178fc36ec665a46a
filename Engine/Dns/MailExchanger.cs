using Engine.Mail;

namespace Engine.Dns;

/// <summary>One MX record. RFC 5321 §5.1.</summary>
internal readonly record struct MailExchanger(ushort Preference, DomainName Host);
