using Engine.Mail;
using Engine.Queue;

namespace Engine.Delivery.Smtp;

/// <summary>One transaction to be: a message and those of its recipients that share destination, sender, TLS requirement and head. Everything is borrowed until the send ends.</summary>
internal readonly struct SmtpJob
{
    /// <summary>MAIL FROM without brackets; empty for the null path.</summary>
    public required ReadOnlyMemory<byte> Sender { get; init; }

    public required ISmtpRecipients Recipients { get; init; }

    public ReturnContent Return { get; init; }

    /// <summary>ENVID as given (xtext); empty when absent.</summary>
    public ReadOnlyMemory<byte> EnvelopeId { get; init; }

    public BodyNeeds Needs { get; init; }

    /// <summary>The header block with the empty line that ends it.</summary>
    public required ReadOnlyMemory<byte> Head { get; init; }

    /// <summary>The body; CRLF line ends, not dot-stuffed. Its pieces are read as they are sent.</summary>
    public required MessageContent Content { get; init; }
}
