using Engine.Mail;

namespace Engine.Delivery.Smtp;

/// <summary>The server's last word on one recipient.</summary>
/// <param name="Code">Reply code, 200–599; 0 when the server gave none that can be trusted, which means: try again.</param>
/// <param name="Enhanced">Enhanced status code, or the default value.</param>
/// <param name="Command">The command it answers. Only a reply to RCPT, or to the content with one recipient, may suppress.</param>
/// <param name="Text">Reply text without codes, at most 1 KiB; null when there is no reply.</param>
internal readonly record struct Verdict(ushort Code, EnhancedCode Enhanced, SmtpCommand Command = SmtpCommand.None, string? Text = null)
{
    public static readonly Verdict None;

    public bool IsDelivered => Code is >= 200 and < 300;

    public bool IsRefused => Code is >= 400;

    public static Verdict From(in Reply reply, SmtpCommand command, string? text) => new(reply.Code, reply.Enhanced, command, text);
}
