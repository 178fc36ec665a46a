using System.Buffers;
using System.Globalization;
using System.Text;
using Engine.Mail;
using Engine.Queue;
using Engine.Tests.Queue;

namespace Engine.Tests.Failures.Crash;

/// <summary>A message of the lab: everything in it follows from its id and these numbers.</summary>
internal sealed class Letter
{
    private const int Domains = 5;

    public Letter(MessageId id, int recipients, int heads, int size)
    {
        (Id, Recipients, Heads) = (id, recipients, heads);
        Content = Letters.Octets(size, (int)(id.Value >> 12) ^ (int)id.Value);
    }

    public MessageId Id { get; }

    public int Recipients { get; }

    public int Heads { get; }

    public byte[] Content { get; }

    public NewMessage ToMessage() => new(
        Letters.Envelope(Id) with { Recipients = [.. Enumerable.Range(0, Recipients).Select(to => new Recipient(Mailbox.Parse(AddressOf(to))) { Head = (ushort)(to % Heads) })] },
        [.. Enumerable.Range(0, Heads).Select(head => HeadOf(head, 0))],
        new ReadOnlySequence<byte>(Content));

    public string AddressOf(int recipient) => string.Create(CultureInfo.InvariantCulture, $"r{recipient}.{Id.Value % 997}@{DomainOf(recipient)}");

    public string DomainOf(int recipient) => string.Create(CultureInfo.InvariantCulture, $"d{(Id.Value + (ulong)recipient) % Domains}.example");

    /// <summary>A head as it was accepted, version 0, or as it was written anew.</summary>
    public MessageHead HeadOf(int head, int version) =>
        Letters.Head(string.Create(CultureInfo.InvariantCulture, $"Subject: {Id} head {head} version {version}{new string('x', version % 7 * 20)}"));

    /// <summary>Which version of a head these octets are; −1 for none from 0 to <paramref name="most"/>.</summary>
    public int VersionOf(int head, ReadOnlySpan<byte> octets, int most)
    {
        for (var version = most; version >= 0; version--)
        {
            if (octets.SequenceEqual(HeadOf(head, version).Octets.Span))
            {
                return version;
            }
        }

        return -1;
    }

    /// <summary>Why a message read back is not this one; null when it is.</summary>
    public string? Differs(StoredMessage message, out int version, int mostVersion)
    {
        version = VersionOf(0, message.Head(0).Span, mostVersion);
        if (message.Id != Id || message.Recipients != Recipients || message.Heads != Heads)
        {
            return "another message";
        }

        if (Enumerable.Range(0, Recipients).FirstOrDefault(to => Encoding.UTF8.GetString(message.AddressOf(to).Span) != AddressOf(to), -1) is var wrong and >= 0)
        {
            return $"another address of recipient {wrong}";
        }

        if (version < 0 || Enumerable.Range(1, Heads - 1).Any(head => VersionOf(head, message.Head(head).Span, 0) < 0))
        {
            return "another head";
        }

        return message.Content.Length == Content.Length && message.Content.ToArray().AsSpan().SequenceEqual(Content) ? null : "another content";
    }
}
