using System.Text.Json;
using Engine.Mail;
using Engine.Observability;

namespace Engine.Daemon;

/// <summary>Finds who submitted a message that has left the queue: by its <c>accepted</c> events. Reads a file; any thread.</summary>
/// <param name="directory">Of the event log.</param>
/// <param name="digestOf">Names recipients as tokens do.</param>
internal sealed class SubmitterSearch(string directory, Func<Mailbox, AddressDigest> digestOf)
{
    // The id says when the message came in, to the millisecond; clocks of a fleet differ a little.
    private static readonly TimeSpan Around = TimeSpan.FromMinutes(5);

    /// <summary>What a notice needs of the message, with the token's recipient alone, and his index in it; null when the log does not hold it any more, or the sender was the null path.</summary>
    public (Envelope Envelope, int Recipient)? Find(in ReturnToken token)
    {
        var filter = new EventFilter { Id = token.Id, Kinds = [EventKind.Accepted], Since = token.Id.Given - Around, Until = token.Id.Given + Around };
        foreach (var record in new EventReader(directory).Trace(filter))
        {
            using var line = JsonDocument.Parse(record.Json);
            if (Read(line.RootElement, token) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private (Envelope Envelope, int Recipient)? Read(JsonElement line, in ReturnToken token)
    {
        if (!TryAddress(line, "to", out var to) || digestOf(to) != token.Recipient || !TryAddress(line, "from", out var from))
        {
            return null;
        }

        var envelope = new Envelope
        {
            Id = token.Id,
            Sender = from,
            Recipients = [new Recipient(to)],
            Account = Text(line, "account"),
            Stream = Text(line, "stream"),
            Campaign = Text(line, "campaign"),
            Accepted = token.Id.Given,
            HeaderMessageId = Text(line, "messageId"),
        };
        return (envelope, line.TryGetProperty("rcpt", out var index) ? index.GetInt32() : 0);
    }

    private static bool TryAddress(JsonElement line, string field, out Mailbox address)
    {
        address = default;
        return Text(line, field) is { Length: > 0 } text && Mailbox.TryParse(System.Text.Encoding.UTF8.GetBytes(text), allowUtf8: true, out address);
    }

    private static string Text(JsonElement line, string field) => line.TryGetProperty(field, out var value) ? value.GetString() ?? string.Empty : string.Empty;
}
