using System.Buffers;
using System.Globalization;
using System.Text;
using Engine.Configuration;
using Engine.Mail;

namespace Engine.Submission;

/// <summary>Writes a header block as it is signed and stored: Received on top, Date and Message-ID where missing, what must not leave taken out.</summary>
internal static class HeaderNormaliser
{
    // "R" is 29 characters and ends in GMT.
    private const int DateLength = 29;

    /// <summary>RFC 5321 §4.4. The client's name and address stay in it, as with everybody else: they are what an abuse desk asks for.</summary>
    /// <param name="output">Takes the field.</param>
    /// <param name="trace">How it came; null for mail of our own.</param>
    /// <param name="hostname">Ours.</param>
    /// <param name="id">Of the message.</param>
    /// <param name="only">The recipient, when it is one; the others must not learn of each other.</param>
    /// <param name="isUtf8">RFC 6531 §4.3.</param>
    /// <param name="now">Wall clock.</param>
    public static void WriteReceived(IBufferWriter<byte> output, Trace? trace, string hostname, MessageId id, Mailbox only, bool isUtf8, DateTimeOffset now)
    {
        output.Write("Received: "u8);
        if (trace is not null)
        {
            output.Write("from "u8);
            Put(output, trace.EhloName);
            output.Write(" (["u8);
            Put(output, trace.Client.Contains(':', StringComparison.Ordinal) ? "IPv6:" : string.Empty);
            Put(output, trace.Client);
            output.Write("])\r\n\t"u8);
        }

        output.Write("by "u8);
        Put(output, hostname);
        output.Write(" with "u8);
        Put(output, Protocol(trace, isUtf8));
        output.Write(" id "u8);
        PutId(output, id);
        if (!only.IsNull)
        {
            output.Write("\r\n\tfor <"u8);
            output.Write(only.Wire.Span);
            output.Write(">"u8);
        }

        // Clause tls of RFC 8314 §4.3.
        if (trace?.Tls is { } tls)
        {
            output.Write("\r\n\ttls "u8);
            Put(output, tls.Cipher);
        }

        output.Write(";\r\n\t"u8);
        PutDate(output, now);
        output.Write("\r\n"u8);
    }

    /// <summary>Everything behind Received, without the empty line.</summary>
    /// <param name="output">Takes the fields.</param>
    /// <param name="header">As the client gave it.</param>
    /// <param name="hasDate">Whether it has a Date.</param>
    /// <param name="hasMessageId">Whether it has a Message-ID.</param>
    /// <param name="rules">In force.</param>
    /// <param name="id">Of the message.</param>
    /// <param name="now">Wall clock.</param>
    /// <param name="isUnique">Gives it a Message-ID of ours; the client's is renamed.</param>
    public static void WriteFields(
        IBufferWriter<byte> output, ReadOnlySpan<byte> header, bool hasDate, bool hasMessageId, SubmissionRules rules, MessageId id, DateTimeOffset now, bool isUnique = false)
    {
        if (!hasDate)
        {
            output.Write("Date: "u8);
            PutDate(output, now);
            output.Write("\r\n"u8);
        }

        if (!hasMessageId || isUnique)
        {
            output.Write("Message-ID: <"u8);
            PutId(output, id);
            output.Write("@"u8);
            Put(output, rules.Options.Hostname);
            output.Write(">\r\n"u8);
        }

        var dropsSignatures = rules.Options.Dkim.Existing is ExistingSignatures.Remove;
        var kept = 0;
        foreach (var field in new HeaderWalker(header))
        {
            var kind = HeaderInspector.KindOf(field.Name);
            if (kind is HeaderKind.MessageId && isUnique)
            {
                output.Write(header[kept..field.Offset]);
                output.Write("X-Original-"u8);
                kept = field.Offset;
            }

            if (kind is HeaderKind.Dropped or HeaderKind.Engine || (kind is HeaderKind.Signature && dropsSignatures))
            {
                output.Write(header[kept..field.Offset]);
                kept = field.Offset + field.Raw.Length;
            }
        }

        output.Write(header[kept..]);
    }

    // RFC 3848, RFC 6531 §4.3.
    private static string Protocol(Trace? trace, bool isUtf8) => (trace, isUtf8) switch
    {
        (null, _) => "LOCAL",
        ({ IsExtended: false }, _) => "SMTP",
        ({ Tls: null, IsAuthenticated: false }, false) => "ESMTP",
        ({ Tls: null, IsAuthenticated: true }, false) => "ESMTPA",
        ({ IsAuthenticated: false }, false) => "ESMTPS",
        (_, false) => "ESMTPSA",
        ({ Tls: null, IsAuthenticated: false }, true) => "UTF8SMTP",
        ({ Tls: null, IsAuthenticated: true }, true) => "UTF8SMTPA",
        ({ IsAuthenticated: false }, true) => "UTF8SMTPS",
        (_, true) => "UTF8SMTPSA",
    };

    private static void PutId(IBufferWriter<byte> output, MessageId id)
    {
        id.WriteTo(output.GetSpan(MessageId.TextLength));
        output.Advance(MessageId.TextLength);
    }

    // RFC 5322 §3.3 wants a numeric zone.
    private static void PutDate(IBufferWriter<byte> output, DateTimeOffset time)
    {
        var target = output.GetSpan(DateLength + 2);
        _ = time.TryFormat(target, out _, "R", CultureInfo.InvariantCulture);
        "+0000"u8.CopyTo(target[(DateLength - 3)..]);
        output.Advance(DateLength + 2);
    }

    private static void Put(IBufferWriter<byte> output, string text) => Encoding.UTF8.GetBytes(text, output);
}
