using System.Text;
using System.Text.Json;
using Engine.Mail;
using Engine.Queue.Frames;

namespace Engine.Queue.Transfer;

/// <summary>Reads <c>ID.json</c> of an export. What does not fit is an <see cref="InvalidDataException"/>.</summary>
internal static class EnvelopeJsonReader
{
    /// <param name="octets">The whole file.</param>
    /// <returns>The message with heads that hold no octets yet.</returns>
    public static DescribedMessage Read(ReadOnlyMemory<byte> octets)
    {
        using var document = SealedJson.Open(octets);
        try
        {
            return Read(document.RootElement);
        }
        catch (Exception fault) when (fault is InvalidOperationException or FormatException or KeyNotFoundException or ArgumentException or OverflowException)
        {
            throw new InvalidDataException($"a member is missing or has a wrong form: {fault.Message}", fault);
        }
    }

    private static DescribedMessage Read(JsonElement root)
    {
        if (root.GetProperty("version"u8).GetInt32() is var version && version != EnvelopeJson.Version)
        {
            throw new InvalidDataException($"version {version} of the form is not known to this engine");
        }

        var heads = root.GetProperty("heads"u8).EnumerateArray().Select(ReadHead).ToList();
        var recipients = root.GetProperty("recipients"u8).EnumerateArray().Select(one => ReadRecipient(one, heads.Count)).ToList();
        if (heads.Count is 0 or > ushort.MaxValue || recipients.Count is 0 or > ushort.MaxValue)
        {
            throw new InvalidDataException("a message has from 1 to 65 535 recipients and as many heads");
        }

        var content = root.GetProperty("content"u8);
        return new DescribedMessage(
            new TransferredMessage(
                ReadEnvelope(root, [.. recipients.Select(static one => one.Recipient)]),
                [.. recipients.Select(static one => one.State)],
                [.. heads.Select(static one => one.Head)]),
            [.. heads.Select(static one => one.Check)],
            new DescribedOctets(Length(content, "octets", TransferReader.MaxContent), Crc(content)));
    }

    private static Envelope ReadEnvelope(JsonElement root, IReadOnlyList<Recipient> recipients)
    {
        var from = Text(root, "headerFrom");
        return new Envelope
        {
            Id = MessageId.TryParse(Text(root, "id"), out var id) ? id : throw new InvalidDataException("its id is none"),
            Sender = Text(root, "sender") is { Length: > 0 } sender ? Address(sender) : default,
            Recipients = recipients,
            Account = Text(root, "account"),
            Stream = Text(root, "stream"),
            Class = Text(root, "class") switch
            {
                "transactional" => StreamClass.Transactional,
                "marketing" => StreamClass.Marketing,
                var other => throw new InvalidDataException($"'{other}' is no class"),
            },
            Pool = Text(root, "pool"),
            Campaign = Text(root, "campaign"),
            Engagement = root.TryGetProperty("engagement"u8, out var engagement) ? engagement.GetString() is "high" ? Engagement.High : Engagement.Low : Engagement.Normal,
            Tags = [.. Texts(root, "tags")],
            Accepted = Time(root, "accepted") ?? throw new InvalidDataException("it was never accepted"),
            NotBefore = Time(root, "notBefore") ?? default,
            GiveUp = Time(root, "giveUp"),
            Return = root.TryGetProperty("ret"u8, out var ret) ? ret.GetString() is "full" ? ReturnContent.Full : ReturnContent.Headers : ReturnContent.Unspecified,
            EnvelopeId = root.TryGetProperty("envid"u8, out var envelopeId) ? Fitting(envelopeId.GetString()!) : null,
            Needs = Flags<BodyNeeds>(root, "needs"),
            HeaderFrom = from.Length > 0 ? DomainName.Parse(from) : default,
            HeaderMessageId = Text(root, "messageId"),
            Client = Text(root, "client"),
            Credential = Text(root, "credential"),
            IsNotice = root.GetProperty("notice"u8).GetBoolean(),
        };
    }

    private static (MessageHead Head, DescribedOctets Check) ReadHead(JsonElement head)
    {
        var signatures = head.GetProperty("signatures"u8).EnumerateArray().Select(static one => new DkimIdentity(Short(one, "d"), Short(one, "s"))).ToList();
        var hash = head.GetProperty("bodyHash"u8).GetBytesFromBase64();
        if (signatures.Count > byte.MaxValue || hash.Length > byte.MaxValue)
        {
            throw new InvalidDataException("a head with too many signatures");
        }

        return (new MessageHead(default, signatures, hash), new DescribedOctets(Length(head, "octets", TransferReader.MaxHead), Crc(head)));
    }

    private static (Recipient Recipient, TransferredRecipient State) ReadRecipient(JsonElement one, int heads)
    {
        var head = one.GetProperty("head"u8).GetUInt16();
        if (head >= heads)
        {
            throw new InvalidDataException("a recipient names a head that is none");
        }

        var original = one.TryGetProperty("orcpt"u8, out var orcpt) ? Fitting(orcpt.GetString()!) : null;
        var recipient = new Recipient(Address(Text(one, "address")), Flags<Notify>(one, "notify"), original, head);
        var last = one.TryGetProperty("last"u8, out var told) ? ReadLast(told) : (DeferRecord?)null;
        return (recipient, new TransferredRecipient(
            one.GetProperty("index"u8).GetUInt16(),
            one.GetProperty("attempts"u8).GetUInt16(),
            Time(one, "due"),
            one.GetProperty("held"u8).GetBoolean(),
            last));
    }

    private static DeferRecord ReadLast(JsonElement last) => new(
        Time(last, "at") ?? default,
        0,
        0,
        new Deferral(
            default,
            new Category(Text(last, "category")),
            last.GetProperty("code"u8).GetUInt16(),
            EnhancedCode.Parse(Text(last, "enhanced")),
            Text(last, "text"),
            last.GetProperty("uncertain"u8).GetBoolean()));

    private static long Length(JsonElement element, string name, long most)
    {
        var length = element.GetProperty(name).GetInt64();
        return length >= 0 && length <= most ? length : throw new InvalidDataException($"{length} octets are too many");
    }

    private static uint Crc(JsonElement element) => Convert.ToUInt32(element.GetProperty("crc32c"u8).GetString(), 16);

    private static Mailbox Address(string text) =>
        Mailbox.TryParse(Encoding.UTF8.GetBytes(text), allowUtf8: true, out var mailbox) ? mailbox : throw new InvalidDataException("an address that is none");

    private static string Text(JsonElement element, string name) => Fitting(element.GetProperty(name).GetString() ?? string.Empty);

    private static string Short(JsonElement element, string name) =>
        Text(element, name) is var text && Encoding.UTF8.GetByteCount(text) <= byte.MaxValue ? text : throw new InvalidDataException($"{name} is too long");

    private static IEnumerable<string> Texts(JsonElement element, string name)
    {
        var array = element.GetProperty(name);
        return array.GetArrayLength() <= ushort.MaxValue ? array.EnumerateArray().Select(static one => Fitting(one.GetString()!)) : throw new InvalidDataException($"too many {name}");
    }

    // What goes into a frame has two octets for its length; a control octet never came from a client.
    private static string Fitting(string text) =>
        Encoding.UTF8.GetByteCount(text) <= short.MaxValue && !text.AsSpan().ContainsAny('\r', '\n', '\0') ? text : throw new InvalidDataException("a text that is too long or has a line end");

    private static DateTimeOffset? Time(JsonElement element, string name) => element.TryGetProperty(name, out var time) ? time.GetDateTimeOffset().ToUniversalTime() : null;

    private static T Flags<T>(JsonElement element, string name)
        where T : struct, Enum
    {
        var flags = 0;
        foreach (var text in Texts(element, name))
        {
            flags |= Enum.TryParse<T>(text, ignoreCase: true, out var flag) && !char.IsAsciiDigit(text[0]) ? Convert.ToInt32(flag, null) : throw new InvalidDataException($"'{text}' is none of {name}");
        }

        return (T)Enum.ToObject(typeof(T), flags);
    }
}
