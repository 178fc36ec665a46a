using System.Text.Json;
using Engine.Mail;
using Engine.Queue.Frames;

namespace Engine.Queue;

/// <summary>An order for all recipients that have something in common, in one record: it costs the same for one and for millions.</summary>
/// <param name="Action">What.</param>
/// <param name="Selector">To whom; see <see cref="CanMark"/>.</param>
/// <param name="Pool">New pool of <see cref="BulkAction.Reroute"/>.</param>
internal sealed record BulkOrder(BulkAction Action, RecipientSelector Selector, string Pool = "")
{
    /// <summary>
    /// Whether a selector can be carried out by one record: a replay of the log, over a snapshot taken a moment later, must meet the same
    /// recipients. So it asks only for what never changes of mail, and reads no envelopes.
    /// </summary>
    public static bool CanMark(RecipientSelector selector) =>
        selector is { Ids: null, Exactly: null, Limit: null, Tried: null, State: null, Category: null, Pool: null, NeedsEnvelope: false };

    /// <summary>Reads the payload of a <see cref="FrameKind.Mark"/> frame.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static (BulkOrder Order, uint At) Read(ReadOnlySpan<byte> payload)
    {
        var reader = Records.Begin(payload, out var at);
        var action = (BulkAction)reader.U8();
        try
        {
            var written = JsonSerializer.Deserialize<Written>(reader.Raw(reader.Remaining)) ?? throw new InvalidDataException("an empty order");
            return (new BulkOrder(action, written.ToSelector(), written.ToPool ?? string.Empty), at);
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"an order that cannot be read: {fault.Message}", fault);
        }
    }

    public void Write(OctetWriter writer, DateTimeOffset at)
    {
        writer.U32(Seconds.Of(at));
        writer.U8((byte)Action);
        writer.Raw(JsonSerializer.SerializeToUtf8Bytes(Written.Of(this)));
    }

    // What is not asked for is not written; names once written stay.
    private sealed record Written(
        string? To,
        string? Domain,
        string? Account,
        string? Stream,
        StreamClass? Class,
        string? Campaign,
        DateTimeOffset? Older,
        DateTimeOffset? Newer,
        string? ToPool)
    {
        public static Written Of(BulkOrder order)
        {
            var (selector, pool) = (order.Selector, order.Pool);
            return new Written(
                selector.To,
                selector.Domain,
                selector.Account,
                selector.Stream,
                selector.Class,
                selector.Campaign,
                selector.Older,
                selector.Newer,
                pool.Length == 0 ? null : pool);
        }

        public RecipientSelector ToSelector() => new()
        {
            To = To,
            Domain = Domain,
            Account = Account,
            Stream = Stream,
            Class = Class,
            Campaign = Campaign,
            Older = Older,
            Newer = Newer,
        };
    }
}
