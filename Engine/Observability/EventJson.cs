using System.Buffers.Text;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Engine.Mail;

namespace Engine.Observability;

/// <summary>Writes one event as one JSON object. Allocates nothing.</summary>
internal static class EventJson
{
    /// <summary>Of field <c>v</c>. Fields are added without a new number; a changed meaning takes one.</summary>
    public const int FormatVersion = 1;

    /// <summary>Octets kept of a reply, before escaping.</summary>
    public const int MaxReply = 1_024;

    /// <summary>Line ends, quotes and control octets are escaped; letters of all scripts stay legible.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <param name="json">Takes the object; flushed by the caller.</param>
    /// <param name="line">The event.</param>
    /// <param name="time">Its time: the event's own, or when it came.</param>
    /// <param name="node">Number of this engine.</param>
    /// <param name="sequence">Its place among this engine's events.</param>
    public static void Write(Utf8JsonWriter json, in Event line, DateTimeOffset time, int node, long sequence)
    {
        json.WriteStartObject();
        json.WriteNumber(EventFields.Format, FormatVersion);
        json.WriteNumber(EventFields.Node, node);
        json.WriteNumber(EventFields.Sequence, sequence);
        PutEventId(json, line, node, sequence);
        Put(json, EventFields.Time, time);
        json.WriteString(EventFields.Event, EventFields.NameOf(line.Kind));
        PutMessage(json, line);
        PutRoute(json, line);
        PutReply(json, line);
        PutTimes(json, line);
        PutOperator(json, line);
        json.WriteEndObject();
    }

    private static bool HasMessage(in Event line) => line.Id != default;

    // id/rcpt/attempt/event; what belongs to no message is told apart by node and sequence.
    private static void PutEventId(Utf8JsonWriter json, in Event line, int node, long sequence)
    {
        Span<byte> text = stackalloc byte[96];
        var length = 0;
        if (HasMessage(line))
        {
            line.Id.WriteTo(text);
            length = MessageId.TextLength;
            text[length++] = (byte)'/';
            length += Number(text[length..], line.RecipientIndex);
            text[length++] = (byte)'/';
            length += Number(text[length..], line.Attempt);
        }
        else
        {
            text[length++] = (byte)'n';
            length += Number(text[length..], node);
            text[length++] = (byte)'/';
            length += Number(text[length..], sequence);
        }

        text[length++] = (byte)'/';
        var name = EventFields.NameOf(line.Kind).EncodedUtf8Bytes;
        name.CopyTo(text[length..]);
        json.WriteString(EventFields.EventId, text[..(length + name.Length)]);
    }

    private static void PutMessage(Utf8JsonWriter json, in Event line)
    {
        if (HasMessage(line))
        {
            Span<byte> id = stackalloc byte[MessageId.TextLength];
            line.Id.WriteTo(id);
            json.WriteString(EventFields.Id, id);
        }

        Put(json, EventFields.MessageId, line.HeaderMessageId);
        Put(json, EventFields.HeaderFrom, line.HeaderFrom);
        Put(json, EventFields.ReturnPath, line.ReturnPath);
        Put(json, EventFields.Client, line.Client);
        Put(json, EventFields.Credential, line.Credential);
        PutDkim(json, line.Dkim);
        if (HasMessage(line) && line.RecipientIndex >= 0)
        {
            json.WriteNumber(EventFields.RecipientIndex, line.RecipientIndex);
        }

        Put(json, EventFields.To, line.To.Span);
        Put(json, EventFields.From, line.From.Span);
        Put(json, EventFields.Account, line.Account);
        Put(json, EventFields.Stream, line.Stream);
        Put(json, EventFields.Campaign, line.Campaign);
        PutTags(json, line.Tags);
    }

    private static void PutRoute(Utf8JsonWriter json, in Event line)
    {
        Put(json, EventFields.Domain, line.Domain);
        Put(json, EventFields.Provider, line.Provider);
        Put(json, EventFields.Mx, line.Mx);
        Put(json, EventFields.MxAddress, line.MxAddress);
        Put(json, EventFields.Source, line.Source);
        Put(json, EventFields.SourceAddress, line.SourceAddress);
        Put(json, EventFields.Pool, line.Pool);
        Put(json, EventFields.Relay, line.Relay);
        Put(json, EventFields.Session, line.Session);
        Put(json, EventFields.Attempt, line.Attempt);
    }

    private static void PutReply(Utf8JsonWriter json, in Event line)
    {
        Put(json, EventFields.Code, line.Code);
        if (line.Enhanced.IsPresent)
        {
            Span<byte> text = stackalloc byte[16];
            var length = Number(text, line.Enhanced.Class);
            text[length++] = (byte)'.';
            length += Number(text[length..], line.Enhanced.Subject);
            text[length++] = (byte)'.';
            length += Number(text[length..], line.Enhanced.Detail);
            json.WriteString(EventFields.Enhanced, text[..length]);
        }

        if (!string.IsNullOrEmpty(line.Reply))
        {
            Span<byte> text = stackalloc byte[MaxReply];
            Utf8.FromUtf16(line.Reply, text, out _, out var length);
            json.WriteString(EventFields.Reply, text[..length]);
        }

        if (line.Command is not SmtpCommand.None)
        {
            json.WriteString(EventFields.Command, EventFields.NameOf(line.Command));
        }

        Put(json, EventFields.Category, line.Category.Id);
        if (line.Disposition is { } disposition)
        {
            json.WriteString(EventFields.Disposition, EventFields.NameOf(disposition));
        }

        Put(json, EventFields.Rule, line.Rule);
    }

    private static void PutTimes(Utf8JsonWriter json, in Event line)
    {
        Put(json, EventFields.NextAttempt, line.NextAttempt);
        Put(json, EventFields.GiveUpAt, line.GiveUpAt);
        if (line.Tls is { } tls)
        {
            json.WriteStartObject(EventFields.Tls);
            Put(json, EventFields.TlsVersion, tls.Version);
            Put(json, EventFields.TlsCipher, tls.Cipher);
            json.WriteBoolean(EventFields.TlsVerified, tls.Proof is not TlsProof.None);
            if (tls.Proof is not TlsProof.None)
            {
                json.WriteString(EventFields.TlsProof, EventFields.ProofOf(tls.Proof));
            }

            json.WriteEndObject();
        }

        if (line.Queued is { } queued)
        {
            json.WriteNumber(EventFields.Queued, (long)queued.TotalMilliseconds);
        }

        if (line.Transaction is { } transaction)
        {
            json.WriteStartObject(EventFields.Wait);
            json.WriteNumber(EventFields.Transaction, (long)transaction.TotalMilliseconds);
            json.WriteEndObject();
        }

        Put(json, EventFields.Size, line.Size);
    }

    private static void PutOperator(Utf8JsonWriter json, in Event line)
    {
        Put(json, EventFields.Who, line.Who);
        Put(json, EventFields.Verb, line.Verb);
        Put(json, EventFields.Selector, line.Selector);
        if (line.Count is { } count)
        {
            json.WriteNumber(EventFields.Count, count);
        }

        Put(json, EventFields.Reason, line.Reason);
    }

    private static void PutDkim(Utf8JsonWriter json, IReadOnlyList<DkimIdentity>? signatures)
    {
        if (signatures is not { Count: > 0 })
        {
            return;
        }

        json.WriteStartArray(EventFields.Dkim);
        for (var at = 0; at < signatures.Count; at++)
        {
            json.WriteStartObject();
            Put(json, EventFields.DkimDomain, signatures[at].Domain);
            Put(json, EventFields.DkimSelector, signatures[at].Selector);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void PutTags(Utf8JsonWriter json, IReadOnlyList<string>? tags)
    {
        if (tags is not { Count: > 0 })
        {
            return;
        }

        json.WriteStartArray(EventFields.Tags);
        for (var at = 0; at < tags.Count; at++)
        {
            json.WriteStringValue(tags[at]);
        }

        json.WriteEndArray();
    }

    private static void Put(Utf8JsonWriter json, JsonEncodedText name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            json.WriteString(name, value);
        }
    }

    private static void Put(Utf8JsonWriter json, JsonEncodedText name, ReadOnlySpan<byte> utf8)
    {
        if (Utf8.IsValid(utf8))
        {
            if (!utf8.IsEmpty)
            {
                json.WriteString(name, utf8);
            }
        }
        else
        {
            json.WriteString(name, Encoding.UTF8.GetString(utf8));
        }
    }

    private static void Put(Utf8JsonWriter json, JsonEncodedText name, long value)
    {
        if (value != 0)
        {
            json.WriteNumber(name, value);
        }
    }

    private static void Put(Utf8JsonWriter json, JsonEncodedText name, DateTimeOffset? time)
    {
        if (time is { } value)
        {
            Span<byte> text = stackalloc byte[Timestamp.Length];
            Timestamp.Write(value, text);
            json.WriteString(name, text);
        }
    }

    private static void Put(Utf8JsonWriter json, JsonEncodedText name, IPAddress? address)
    {
        Span<byte> text = stackalloc byte[64];
        if (address is not null && address.TryFormat(text, out var length))
        {
            json.WriteString(name, text[..length]);
        }
    }

    private static int Number(Span<byte> target, long value) =>
        Utf8Formatter.TryFormat(value, target, out var length) ? length : throw new InvalidOperationException("A number longer than its place.");
}
