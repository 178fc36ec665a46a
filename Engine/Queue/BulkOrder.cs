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
    /// Whether a selector can be carried out by one record: a replay of the log must meet the same recipients. It knows neither what
    /// was ready or in flight, nor which came first, and it reads no envelopes.
    /// </summary>
    public static bool CanMark(RecipientSelector selector) =>
        selector is { Ids: null, Limit: null, Tried: null, NeedsEnvelope: false, State: null or RecipientState.Held };

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
        string? Pool,
        bool? Held,
        string? Category,
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
                selector.Pool,
                selector.State is RecipientState.Held ? true : null,
                selector.Category?.ToString(),
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
            Pool = Pool,
            State = Held is true ? RecipientState.Held : null,
            Category = Category is { } name ? new Category(name) : null,
            Older = Older,
            Newer = Newer,
        };
    }
}
