using System.Buffers;
using System.Globalization;
using System.Text;
using Engine.Mail;

namespace Engine.Feedback;

/// <summary>Writes notices of failure, delay and handing on: multipart/report (RFC 6522) with a delivery-status (RFC 3464). No I/O.</summary>
/// <param name="hostname">Reporting-MTA and right side of the Message-ID.</param>
/// <param name="from">From header: an address.</param>
internal sealed class NoticeWriter(string hostname, string from)
{
    /// <summary>Octets of a message returned at most, RET=FULL or not.</summary>
    public const int MaxReturned = 64 * 1024;

    /// <summary>The whole notice, CRLF line ends, to be accepted from the null sender to the sender of the message it is about.</summary>
    /// <param name="id">The notice's own id.</param>
    /// <param name="envelope">Of the message it is about.</param>
    /// <param name="told">The recipient.</param>
    /// <param name="head">Header block of that message with its empty line.</param>
    /// <param name="content">Its body; returned only with a failure, for RET=FULL (RFC 3461 §6.2). Null when it is longer than <see cref="MaxReturned"/>.</param>
    /// <param name="now">Date of the notice.</param>
    public ReadOnlyMemory<byte> Write(MessageId id, Envelope envelope, NoticedRecipient told, ReadOnlyMemory<byte> head, ReadOnlySequence<byte>? content, DateTimeOffset now)
    {
        // RFC 8689 §5: of mail that asked for REQUIRETLS the header alone goes back, whatever RET says.
        var whole = told.Kind is NoticeKind.Failure && envelope.Return is ReturnContent.Full && !envelope.Needs.HasFlag(BodyNeeds.RequireTls) && content is { } body && head.Length + body.Length <= MaxReturned;
        var utf8 = !envelope.Sender.IsAscii || !told.Recipient.Address.IsAscii;
        var boundary = $"=_{id}";
        var text = new StringBuilder(2_048);
        Headers(text, id, envelope, told.Kind, boundary, now);
        Explanation(text, boundary, told);
        Status(text, boundary, envelope, told, utf8);
        text.Append("--").Append(boundary).Append("\r\n")
            .Append(whole ? "Content-Type: message/rfc822" : "Content-Type: text/rfc822-headers").Append("\r\n\r\n");
        var output = new ArrayBufferWriter<byte>(text.Length + head.Length + 4_096);
        Encoding.UTF8.GetBytes(text.ToString(), output);
        output.Write(head.Span[..Math.Min(head.Length, MaxReturned)]);
        if (whole)
        {
            foreach (var part in content.GetValueOrDefault())
            {
                output.Write(part.Span);
            }
        }

        Encoding.UTF8.GetBytes($"\r\n--{boundary}--\r\n", output);
        return output.WrittenMemory;
    }

    private static string SubjectOf(NoticeKind kind) => kind switch
    {
        NoticeKind.Delay => "Delayed Mail (still being tried)",
        NoticeKind.Relayed => "Your mail was handed on",
        _ => "Undelivered Mail Returned to Sender",
    };

    private static void Explanation(StringBuilder text, string boundary, NoticedRecipient told)
    {
        text.Append("--").Append(boundary).Append("\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n")
            .Append(told.Kind switch
            {
                NoticeKind.Delay => "Your message could not be delivered yet to",
                NoticeKind.Relayed => "Your message was handed on, by a way that may tell no more, to",
                _ => "Your message could not be delivered to",
            })
            .Append("\r\n\r\n    ").Append(told.Recipient.Address)
            .Append("\r\n\r\n").Append(told.Mx is null ? "The reason:" : $"The server {told.Mx} answered:").Append("\r\n\r\n    ")
            .Append(OneLine(told.Diagnostic)).Append("\r\n\r\n")
            .Append(told.Kind switch
            {
                NoticeKind.Delay => string.Create(CultureInfo.InvariantCulture, $"It is tried until {told.RetryUntil?.UtcDateTime:ddd, dd MMM yyyy HH:mm} UTC. You need not send it again.\r\n\r\n"),
                NoticeKind.Relayed => "This is no proof that it was read, or that it reached a mailbox.\r\n\r\n",
                _ => "It will not be tried again.\r\n\r\n",
            });
    }

    // The class must fit the action (RFC 3464 §2.3.4): a 5xx that is tried again is a delay all the same.
    private static EnhancedCode StatusOf(NoticedRecipient told)
    {
        var wanted = (byte)(told.Kind switch { NoticeKind.Delay => 4, NoticeKind.Relayed => 2, _ => 5 });
        return told.Enhanced.Class == wanted ? told.Enhanced : told is { Kind: NoticeKind.Failure, Enhanced.IsPresent: true } ? told.Enhanced : new EnhancedCode(wanted, 0, 0);
    }

    private static string OneLine(string text) => string.Create(text.Length, text, static (line, source) =>
    {
        for (var index = 0; index < line.Length; index++)
        {
            line[index] = char.IsControl(source[index]) ? ' ' : source[index];
        }
    });

    private void Headers(StringBuilder text, MessageId id, Envelope envelope, NoticeKind kind, string boundary, DateTimeOffset now) => text
        .Append("From: Mail Delivery System <").Append(from).Append(">\r\nTo: <").Append(envelope.Sender).Append(">\r\n")
        .Append("Subject: ").Append(SubjectOf(kind)).Append("\r\n")
        .Append(CultureInfo.InvariantCulture, $"Date: {now.UtcDateTime:ddd, dd MMM yyyy HH:mm:ss} +0000\r\n")
        .Append("Message-ID: <").Append(id).Append('@').Append(hostname).Append(">\r\n")
        .Append(envelope.HeaderMessageId.Length > 0 ? $"In-Reply-To: <{OneLine(envelope.HeaderMessageId)}>\r\n" : string.Empty)
        .Append("Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n")
        .Append("Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"").Append(boundary).Append("\"\r\n\r\n");

    // RFC 3464 §2; with UTF-8 addresses RFC 6533 §3 (message/global-delivery-status, utf-8 address type).
    private void Status(StringBuilder text, string boundary, Envelope envelope, NoticedRecipient told, bool utf8)
    {
        text.Append("--").Append(boundary).Append("\r\nContent-Type: message/").Append(utf8 ? "global-delivery-status" : "delivery-status").Append("\r\n\r\n")
            .Append("Reporting-MTA: dns; ").Append(hostname).Append("\r\n")
            .Append(envelope.EnvelopeId is { } envid ? $"Original-Envelope-Id: {envid}\r\n" : string.Empty)
            .Append(CultureInfo.InvariantCulture, $"Arrival-Date: {envelope.Accepted.UtcDateTime:ddd, dd MMM yyyy HH:mm:ss} +0000\r\n\r\n")
            .Append(told.Recipient.OriginalRecipient is { } original ? $"Original-Recipient: {original}\r\n" : string.Empty)
            .Append("Final-Recipient: ").Append(utf8 ? "utf-8" : "rfc822").Append("; ").Append(told.Recipient.Address).Append("\r\n")
            .Append("Action: ").Append(told.Kind switch { NoticeKind.Delay => "delayed", NoticeKind.Relayed => "relayed", _ => "failed" })
            .Append("\r\nStatus: ").Append(StatusOf(told)).Append("\r\n");
        if (told.Mx is { } mx)
        {
            text.Append("Remote-MTA: dns; ").Append(mx).Append("\r\nDiagnostic-Code: smtp; ").Append(OneLine(told.Diagnostic)).Append("\r\n");
        }
        else
        {
            text.Append("Diagnostic-Code: x-engine; ").Append(OneLine(told.Diagnostic)).Append("\r\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"Last-Attempt-Date: {told.At.UtcDateTime:ddd, dd MMM yyyy HH:mm:ss} +0000\r\n");
        if (told.RetryUntil is { } until)
        {
            text.Append(CultureInfo.InvariantCulture, $"Will-Retry-Until: {until.UtcDateTime:ddd, dd MMM yyyy HH:mm:ss} +0000\r\n");
        }

        text.Append("\r\n");
    }
}
