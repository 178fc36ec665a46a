using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Engine.Mail;
using Engine.Queue.Frames;

namespace Engine.Queue.Transfer;

/// <summary>Writes <c>ID.json</c> of an export. <see cref="EnvelopeJsonReader"/> reads it. Times are UTC with all their digits.</summary>
internal static class EnvelopeJson
{
    /// <summary>Of the form. A reader refuses what it does not know.</summary>
    public const int Version = 1;

    // People read it; it is never put into a page.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="message">What to write.</param>
    /// <param name="contentLength">Octets of the content.</param>
    /// <param name="contentCrc">CRC-32C of the content.</param>
    public static ReadOnlyMemory<byte> Write(TransferredMessage message, long contentLength, uint contentCrc)
    {
        var octets = new ArrayBufferWriter<byte>(1_024);
        using (var json = new Utf8JsonWriter(octets, Options))
        {
            json.WriteStartObject();
            json.WriteNumber("version"u8, Version);
            WriteEnvelope(json, message.Envelope);
            json.WriteStartArray("heads"u8);
            foreach (var head in message.Heads)
            {
                WriteHead(json, head);
            }

            json.WriteEndArray();
            json.WriteStartObject("content"u8);
            json.WriteNumber("octets"u8, contentLength);
            json.WriteString("crc32c"u8, SealedJson.TextOf(contentCrc));
            json.WriteEndObject();
            json.WriteStartArray("recipients"u8);
            for (var index = 0; index < message.States.Count; index++)
            {
                WriteRecipient(json, message.Envelope.Recipients[index], message.States[index]);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return SealedJson.Seal(octets.WrittenSpan);
    }

    private static void WriteEnvelope(Utf8JsonWriter json, Envelope envelope)
    {
        json.WriteString("id"u8, envelope.Id.ToString());
        json.WriteString("sender"u8, envelope.Sender.Wire.Span);
        json.WriteString("account"u8, envelope.Account);
        json.WriteString("stream"u8, envelope.Stream);
        json.WriteString("class"u8, envelope.Class is StreamClass.Marketing ? "marketing"u8 : "transactional"u8);
        json.WriteString("pool"u8, envelope.Pool);
        json.WriteString("campaign"u8, envelope.Campaign);
        if (envelope.Engagement is not Engagement.Normal)
        {
            json.WriteString("engagement"u8, envelope.Engagement is Engagement.High ? "high"u8 : "low"u8);
        }

        WriteTexts(json, "tags", envelope.Tags);
        json.WriteString("accepted"u8, envelope.Accepted.UtcDateTime);
        if (envelope.NotBefore != default)
        {
            json.WriteString("notBefore"u8, envelope.NotBefore.UtcDateTime);
        }

        if (envelope.GiveUp is { } giveUp)
        {
            json.WriteString("giveUp"u8, giveUp.UtcDateTime);
        }

        if (envelope.Return is not ReturnContent.Unspecified)
        {
            json.WriteString("ret"u8, envelope.Return is ReturnContent.Full ? "full"u8 : "headers"u8);
        }

        if (envelope.EnvelopeId is { } id)
        {
            json.WriteString("envid"u8, id);
        }

        WriteTexts(json, "needs", Names(envelope.Needs, BodyNeeds.None));
        json.WriteString("headerFrom"u8, envelope.HeaderFrom.Name);
        json.WriteString("messageId"u8, envelope.HeaderMessageId);
        json.WriteString("client"u8, envelope.Client);
        json.WriteString("credential"u8, envelope.Credential);
        json.WriteBoolean("notice"u8, envelope.IsNotice);
    }

    private static void WriteHead(Utf8JsonWriter json, MessageHead head)
    {
        json.WriteStartObject();
        json.WriteNumber("octets"u8, head.Octets.Length);
        json.WriteString("crc32c"u8, SealedJson.TextOf(Crc32C.Of(head.Octets.Span)));
        json.WriteBase64String("bodyHash"u8, head.BodyHash.Span);
        json.WriteStartArray("signatures"u8);
        foreach (var signature in head.Signatures)
        {
            json.WriteStartObject();
            json.WriteString("d"u8, signature.Domain);
            json.WriteString("s"u8, signature.Selector);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteRecipient(Utf8JsonWriter json, Recipient recipient, TransferredRecipient state)
    {
        json.WriteStartObject();
        json.WriteNumber("index"u8, state.Index);
        json.WriteString("address"u8, recipient.Address.Wire.Span);
        WriteTexts(json, "notify", Names(recipient.Notify, Notify.None));
        if (recipient.OriginalRecipient is { } original)
        {
            json.WriteString("orcpt"u8, original);
        }

        json.WriteNumber("head"u8, recipient.Head);
        json.WriteNumber("attempts"u8, state.Attempts);
        json.WriteBoolean("held"u8, state.IsHeld);
        if (state.Due is { } due)
        {
            json.WriteString("due"u8, due.UtcDateTime);
        }

        if (state.Last is { } last)
        {
            WriteLast(json, last);
        }

        json.WriteEndObject();
    }

    private static void WriteLast(Utf8JsonWriter json, in DeferRecord last)
    {
        json.WriteStartObject("last"u8);
        json.WriteString("at"u8, last.At.UtcDateTime);
        json.WriteString("category"u8, last.Deferral.Category.ToString());
        json.WriteNumber("code"u8, last.Deferral.Code);
        json.WriteString("enhanced"u8, last.Deferral.Enhanced.ToString());
        json.WriteString("text"u8, last.Deferral.Text);
        json.WriteBoolean("uncertain"u8, last.Deferral.IsUncertain);
        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    private static IEnumerable<string> Names<T>(T flags, T none)
        where T : struct, Enum =>
        Enum.GetValues<T>().Where(flag => !flag.Equals(none) && flags.HasFlag(flag)).Select(static flag => flag.ToString().ToLowerInvariant());
}
