using System.Net;
using System.Text;
using System.Text.Json;
using Engine.Mail;
using Engine.Observability;

namespace Engine.Tests.Observability;

/// <summary>Events for tests, and what was written of them.</summary>
internal static class Lines
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static Event Delivered(ulong id, string to = "bob@example.net", string header = "", DateTimeOffset time = default) => new()
    {
        Kind = EventKind.Delivered,
        Time = time,
        Id = new MessageId(id),
        Attempt = 1,
        HeaderMessageId = header,
        To = Encoding.UTF8.GetBytes(to),
    };

    /// <summary>Everything an event can say.</summary>
    public static Event Full() => new()
    {
        Kind = EventKind.Deferred,
        Time = Noon.AddMilliseconds(123.9),
        Id = new MessageId(1UL << 52),
        RecipientIndex = 2,
        Attempt = 3,
        HeaderMessageId = "abc@sender.example",
        HeaderFrom = "news@sender.example",
        ReturnPath = "b@bounce.sender.example",
        Client = "203.0.113.7",
        Credential = "app1",
        Dkim = [new DkimIdentity("sender.example", "s1"), new DkimIdentity("esp.example", "p1")],
        To = "bob@example.net"u8.ToArray(),
        From = "news@sender.example"u8.ToArray(),
        Account = "acme",
        Stream = "news",
        Campaign = "c-1",
        Tags = ["a", "b"],
        Domain = "example.net",
        Provider = "other",
        Mx = "mx1.example.net",
        MxAddress = IPAddress.Parse("198.51.100.9"),
        Source = "a1",
        SourceAddress = IPAddress.Parse("2001:db8::1"),
        Pool = "bulk",
        Session = 42,
        Code = 451,
        Enhanced = new EnhancedCode(4, 7, 1),
        Reply = "Try again",
        Command = SmtpCommand.StartTls,
        Category = new Category("greylist"),
        Disposition = Disposition.RetryOtherMx,
        Rule = "generic.greylist",
        NextAttempt = Noon.AddMinutes(1),
        GiveUpAt = Noon.AddDays(3),
        Tls = new TlsSession("1.3", "TLS_AES_128_GCM_SHA256", TlsProof.Dane),
        Queued = TimeSpan.FromMilliseconds(1_500.7),
        Transaction = TimeSpan.FromMilliseconds(80),
        Size = 10_240,
        Who = "root",
        Verb = "queue hold",
        Selector = "--domain example.net",
        Count = 7,
        Reason = "because",
    };

    public static string Json(in Event line, DateTimeOffset time, int node = 1, long sequence = 1)
    {
        using var octets = new MemoryStream();
        using var json = new Utf8JsonWriter(octets, EventJson.Options);
        EventJson.Write(json, line, time, node, sequence);
        json.Flush();
        return Encoding.UTF8.GetString(octets.ToArray());
    }

    public static T Field<T>(this EventRecord record, string name)
    {
        using var document = JsonDocument.Parse(record.Json);
        return document.RootElement.GetProperty(name).Deserialize<T>()!;
    }

    public static long Sequence(this EventRecord record) => record.Field<long>("seq");
}
