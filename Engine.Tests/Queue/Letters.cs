using System.Buffers;
using System.Text;
using Engine.Mail;
using Engine.Queue;

namespace Engine.Tests.Queue;

/// <summary>Messages for tests.</summary>
internal static class Letters
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static Envelope Envelope(MessageId id, params string[] recipients) => new()
    {
        Id = id,
        Sender = Mailbox.Parse("news@sender.example"),
        Recipients = [.. recipients.Select(static address => new Recipient(Mailbox.Parse(address)))],
        Account = "acme",
        Stream = "news",
        Class = StreamClass.Marketing,
        Accepted = Noon,
    };

    public static MessageHead Head(string text, params DkimIdentity[] signatures) =>
        new(Encoding.ASCII.GetBytes(text + "\r\n\r\n"), signatures, signatures.Length > 0 ? new byte[32] : ReadOnlyMemory<byte>.Empty);

    public static NewMessage Message(Envelope envelope, int size = 1_000) =>
        new(envelope, [Head("Subject: test")], new ReadOnlySequence<byte>(Octets(size)));

    public static NewMessage Message(MessageId id, params string[] recipients) => Message(Envelope(id, recipients));

    /// <summary>Octets that differ from place to place.</summary>
    public static byte[] Octets(int count, int seed = 1)
    {
        var octets = new byte[count];
        new Random(seed).NextBytes(octets);
        return octets;
    }
}
