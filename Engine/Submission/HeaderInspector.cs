using System.Text;
using Engine.Mail;

namespace Engine.Submission;

/// <summary>Reads a header block once, judges its form and notes what admission needs. Pure.</summary>
/// <remarks>
/// Refused: a line that is no field (some receivers take it for the end of the header), no From or more than one (RFC 5322 §3.6; DMARC would
/// read one, the user another), too many Received, and X-Engine fields that are unknown or malformed. Other doubled fields pass: old software makes them.
/// </remarks>
internal static class HeaderInspector
{
    public static Refusal? Inspect(ReadOnlySpan<byte> header, int maxReceived, out HeaderNotes notes)
    {
        notes = default;
        var from = default(ReadOnlySpan<byte>);
        var (fromCount, received) = (0, 0);
        var (hasDate, hasId, fields) = (false, false, EngineFields.None);
        var present = FieldsPresent.None;
        foreach (var field in new HeaderWalker(header))
        {
            if (field.IsJunk)
            {
                return new Refusal(RejectReason.Header, Replies.JunkHeader);
            }

            var kind = KindOf(field.Name);
            switch (kind)
            {
                case HeaderKind.From:
                    from = field.Value;
                    fromCount++;
                    break;
                case HeaderKind.Date:
                    hasDate = true;
                    break;
                case HeaderKind.MessageId:
                    hasId = true;
                    break;
                case HeaderKind.Received:
                    received++;
                    break;
                case HeaderKind.Engine:
                    fields = ReferenceEquals(fields, EngineFields.None) ? new EngineFields() : fields;
                    if (fields.Take(field.Name, field.Value) is { } text)
                    {
                        return new Refusal(RejectReason.Header, new Reply(550, new EnhancedCode(5, 6, 0), text));
                    }

                    break;
                case HeaderKind.TlsRequired when Ascii.EqualsIgnoreCase(field.Value.Trim(" \t\r\n"u8), "No"u8):
                    present |= FieldsPresent.TlsOptional;
                    break;
                default:
                    present |= PresenceOf(kind);
                    break;
            }
        }

        if (!HeaderAddress.TryRead(from, out var author) || fromCount > 1 || received > maxReceived)
        {
            return received > maxReceived ? new Refusal(RejectReason.Loop, Replies.Loop)
                : new Refusal(RejectReason.Header, fromCount > 1 ? Replies.ManyFrom : Replies.NoFrom);
        }

        _ = HeaderMessageId.TryRead(header, out var id);
        notes = new HeaderNotes { From = from, FromDomain = author.Domain, MessageId = id, HasMessageId = hasId, HasDate = hasDate, Present = present, Fields = fields };
        return null;
    }

    /// <summary>Which of the fields that matter here this is.</summary>
    public static HeaderKind KindOf(ReadOnlySpan<byte> name) => name.Length switch
    {
        3 when Ascii.EqualsIgnoreCase(name, "Bcc"u8) => HeaderKind.Dropped,
        4 when Ascii.EqualsIgnoreCase(name, "From"u8) => HeaderKind.From,
        4 when Ascii.EqualsIgnoreCase(name, "Date"u8) => HeaderKind.Date,
        8 when Ascii.EqualsIgnoreCase(name, "Received"u8) => HeaderKind.Received,
        10 when Ascii.EqualsIgnoreCase(name, "Message-ID"u8) => HeaderKind.MessageId,
        10 when Ascii.EqualsIgnoreCase(name, "Resent-Bcc"u8) => HeaderKind.Dropped,
        11 when Ascii.EqualsIgnoreCase(name, "Return-Path"u8) => HeaderKind.Dropped,
        11 when Ascii.EqualsIgnoreCase(name, "Feedback-ID"u8) => HeaderKind.FeedbackId,
        12 when Ascii.EqualsIgnoreCase(name, "TLS-Required"u8) => HeaderKind.TlsRequired,
        12 when Ascii.EqualsIgnoreCase(name, "CFBL-Address"u8) => HeaderKind.Complaints,
        16 when Ascii.EqualsIgnoreCase(name, "CFBL-Feedback-ID"u8) => HeaderKind.Complaints,
        16 when Ascii.EqualsIgnoreCase(name, "List-Unsubscribe"u8) => HeaderKind.Unsubscribe,
        21 when Ascii.EqualsIgnoreCase(name, "List-Unsubscribe-Post"u8) => HeaderKind.Unsubscribe,
        14 when Ascii.EqualsIgnoreCase(name, "DKIM-Signature"u8) => HeaderKind.Signature,
        _ when EngineFields.Owns(name) => HeaderKind.Engine,
        _ => HeaderKind.Other,
    };

    private static FieldsPresent PresenceOf(HeaderKind kind) => kind switch
    {
        HeaderKind.Unsubscribe => FieldsPresent.Unsubscribe,
        HeaderKind.FeedbackId => FieldsPresent.FeedbackId,
        HeaderKind.Complaints => FieldsPresent.Complaints,
        _ => FieldsPresent.None,
    };
}
