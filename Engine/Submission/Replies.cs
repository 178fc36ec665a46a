using Engine.Mail;

namespace Engine.Submission;

/// <summary>What we answer, word for word. Codes after RFC 5321 §4.2, RFC 3463, RFC 4954 §6 and RFC 5248.</summary>
internal static class Replies
{
    public static readonly Reply Ok = Reply.Parse("250 2.0.0 Ok");
    public static readonly Reply SenderOk = Reply.Parse("250 2.1.0 Sender ok");
    public static readonly Reply RecipientOk = Reply.Parse("250 2.1.5 Recipient ok");
    public static readonly Reply SendContent = Reply.Parse("354 End with CRLF.CRLF");
    public static readonly Reply Help = Reply.Parse("214 2.0.0 RFC 5321, 6409, 4954; see EHLO");
    public static readonly Reply CannotVerify = Reply.Parse("252 2.1.5 Not verified; mail to it is taken and tried");
    public static readonly Reply Bye = Reply.Parse("221 2.0.0 Bye");
    public static readonly Reply StartTls = Reply.Parse("220 2.0.0 Ready for TLS");
    public static readonly Reply Authenticated = Reply.Parse("235 2.7.0 Authenticated");

    public static readonly Reply Unknown = Reply.Parse("500 5.5.1 No such command");
    public static readonly Reply NotHttp = Reply.Parse("500 5.5.1 This is SMTP, not HTTP");
    public static readonly Reply BadOctets = Reply.Parse("500 5.5.2 Control octets in a command");
    public static readonly Reply BareLineEnd = Reply.Parse("500 5.5.2 Lines end with CRLF; a bare CR or LF was received");
    public static readonly Reply LineTooLong = Reply.Parse("500 5.5.2 Line too long");
    public static readonly Reply BadSyntax = Reply.Parse("501 5.5.4 Syntax error in the argument");
    public static readonly Reply NoArgument = Reply.Parse("501 5.5.4 This command takes no argument");
    public static readonly Reply BadName = Reply.Parse("501 5.5.2 EHLO and HELO need a host name or an address in brackets");
    public static readonly Reply NotOffered = Reply.Parse("502 5.5.1 Not offered here");
    public static readonly Reply HelloFirst = Reply.Parse("503 5.5.1 EHLO first");
    public static readonly Reply OutOfOrder = Reply.Parse("503 5.5.1 Not at this point of the dialogue");
    public static readonly Reply NoRecipient = Reply.Parse("503 5.5.1 RCPT first");
    public static readonly Reply NoValidRecipient = Reply.Parse("554 5.5.1 No valid recipient");
    public static readonly Reply Pipelined = Reply.Parse("503 5.5.1 Nothing may follow STARTTLS before the handshake");

    public static readonly Reply BadSender = Reply.Parse("501 5.1.7 MAIL FROM:<address> or <> expected");
    public static readonly Reply BadRecipient = Reply.Parse("501 5.1.3 RCPT TO:<address> expected");
    public static readonly Reply SenderLiteral = Reply.Parse("501 5.1.7 Address literals are not taken: write a domain name");
    public static readonly Reply RecipientLiteral = Reply.Parse("501 5.1.3 Address literals are not taken: write a domain name");
    public static readonly Reply Postmaster = Reply.Parse("550 5.1.1 postmaster without a domain has no mailbox here: write postmaster@ and a domain");
    public static readonly Reply NeedsUtf8 = Reply.Parse("553 5.6.7 An address beyond ASCII needs the SMTPUTF8 parameter");
    public static readonly Reply BadParameter = Reply.Parse("501 5.5.4 Malformed or repeated parameter");
    public static readonly Reply UnknownParameter = Reply.Parse("555 5.5.4 Unknown parameter");
    public static readonly Reply Binary = Reply.Parse("555 5.6.1 BINARYMIME is not offered");

    public static readonly Reply TooManyRecipients = Reply.Parse("452 4.5.3 Too many recipients: send the rest in another transaction");
    public static readonly Reply TooBig = Reply.Parse("552 5.3.4 Message too big");
    public static readonly Reply HeaderTooBig = Reply.Parse("552 5.3.4 Header too big");
    public static readonly Reply ContentBareLineEnd = Reply.Parse("550 5.6.0 Lines end with CRLF; a bare CR or LF was received");
    public static readonly Reply ContentNul = Reply.Parse("550 5.6.0 The content holds a NUL octet");
    public static readonly Reply ContentLineTooLong = Reply.Parse("550 5.6.0 The content holds a line of more than 65536 octets");
    public static readonly Reply NoMemory = Reply.Parse("452 4.3.1 Too much mail at once: try again");
    public static readonly Reply LocalError = Reply.Parse("451 4.3.0 Local error: try again");

    public static readonly Reply AuthRequired = Reply.Parse("530 5.7.0 Authentication required");
    public static readonly Reply StartTlsRequired = Reply.Parse("530 5.7.0 STARTTLS first, then AUTH");
    public static readonly Reply EncryptionRequired = Reply.Parse("538 5.7.11 AUTH needs TLS here");
    public static readonly Reply RequireTlsNeedsTls = Reply.Parse("530 5.7.10 REQUIRETLS needs TLS on this connection");
    public static readonly Reply BadMechanism = Reply.Parse("504 5.5.4 Mechanism not offered");
    public static readonly Reply BadBase64 = Reply.Parse("501 5.5.2 Not base64");
    public static readonly Reply AuthCancelled = Reply.Parse("501 5.7.0 Authentication cancelled");
    public static readonly Reply AuthFailed = Reply.Parse("535 5.7.8 Login or password wrong, or not allowed from here");
    public static readonly Reply AuthBusy = Reply.Parse("454 4.7.0 Too many logins at once: try again");
    public static readonly Reply TooManyLogins = Reply.Parse("421 4.7.0 Too many failed logins");
    public static readonly Reply AskLogin = Reply.Parse("334 VXNlcm5hbWU6");
    public static readonly Reply AskPassword = Reply.Parse("334 UGFzc3dvcmQ6");
    public static readonly Reply AskPlain = Reply.Parse("334 ");

    public static readonly Reply AccountGone = Reply.Parse("535 5.7.8 The account is disabled or the login is gone");
    public static readonly Reply AccountBroken = Reply.Parse("451 4.7.0 The account's configuration has a fault: its operator has been told");
    public static readonly Reply AccountPaused = Reply.Parse("450 4.7.1 The account is paused");
    public static readonly Reply KeyRevoked = Reply.Parse("451 4.7.0 The signing key of the From domain was revoked and the next one is not in DNS yet");
    public static readonly Reply DomainBroken = Reply.Parse("451 4.7.0 The sender domain's configuration has a fault: its operator has been told");
    public static readonly Reply SenderNotAllowed = Reply.Parse("550 5.7.1 The account may not send from this domain");
    public static readonly Reply FromNotAllowed = Reply.Parse("550 5.7.1 The account may not use the domain of the From header");
    public static readonly Reply NoFrom = Reply.Parse("550 5.6.0 The header needs one From field with an address that can be read");
    public static readonly Reply ManyFrom = Reply.Parse("550 5.6.0 The header has more than one From field");
    public static readonly Reply JunkHeader = Reply.Parse("550 5.6.0 The header holds a line that is no header field");
    public static readonly Reply Loop = Reply.Parse("554 5.4.6 Too many Received fields: the message loops");
    public static readonly Reply NoStream = Reply.Parse("550 5.6.0 The account has no default stream: name one in X-Engine-Stream");

    public static readonly Reply TooManyErrors = Reply.Parse("421 4.7.0 Too many errors");
    public static readonly Reply TooManyConnections = Reply.Parse("421 4.7.0 Too many connections");
    public static readonly Reply NoDescriptors = Reply.Parse("421 4.3.2 Too many connections in all: try again later");
    public static readonly Reply ClientNotAllowed = Reply.Parse("554 5.7.1 Your address may not use this port");
    public static readonly Reply NoFeedback = Reply.Parse("421 4.3.2 Not ready to hear reports: try again later");
    public static readonly Reply Idle = Reply.Parse("421 4.4.2 Nothing was said for too long");
    public static readonly Reply TooSlow = Reply.Parse("421 4.4.2 The content came too slowly");
    public static readonly Reply Closing = Reply.Parse("421 4.3.2 Shutting down");

    /// <summary>Of a recipient on the suppression list.</summary>
    public static Reply Suppressed(SuppressionReason reason) => new(550, new EnhancedCode(5, 7, 1), $"Recipient is suppressed: {reason.ToString().ToLowerInvariant()}");
}
