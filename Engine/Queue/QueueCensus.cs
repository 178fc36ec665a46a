using Engine.Mail;
using Engine.Queue.Frames;
using Engine.Queue.Waiting;

namespace Engine.Queue;

/// <summary>Counts what is queued. It walks by pieces, so that the mail goes on meanwhile.</summary>
internal sealed class QueueCensus(Lock gate, QueueIndex index, BulkMarks marks)
{
    private const int Piece = 4_096;

    /// <summary>Octets of heads and contents of messages with recipients left.</summary>
    public long Bytes
    {
        get
        {
            lock (gate)
            {
                return index.Messages.Bytes;
            }
        }
    }

    /// <summary>Recipients by the values of a dimension, the largest first.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> CountBy(QueueDimension dimension)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        for (var from = 0; ; from += Piece)
        {
            lock (gate)
            {
                if (from >= index.Recipients.High)
                {
                    break;
                }

                for (var slot = from; slot < Math.Min(from + Piece, index.Recipients.High); slot++)
                {
                    marks.Meet(slot);
                    if (index.IsQueued(slot))
                    {
                        var key = KeyOf(dimension, slot);
                        counts[key] = counts.GetValueOrDefault(key) + 1;
                    }
                }
            }
        }

        return [.. counts.OrderByDescending(static count => count.Value).ThenBy(static count => count.Key, StringComparer.Ordinal)];
    }

    /// <summary>When the oldest queued message was accepted; null when there is none.</summary>
    public DateTimeOffset? Oldest() => (Oldest(StreamClass.Transactional), Oldest(StreamClass.Marketing)) switch
    {
        ({ } one, { } other) => one < other ? one : other,
        var (one, other) => one ?? other,
    };

    /// <summary>When the oldest queued message of a class was accepted; null when there is none.</summary>
    public DateTimeOffset? Oldest(StreamClass streamClass)
    {
        var oldest = uint.MaxValue;
        for (var from = 0; ; from += Piece)
        {
            lock (gate)
            {
                var messages = index.Messages;
                if (from >= messages.High)
                {
                    break;
                }

                for (var slot = from; slot < Math.Min(from + Piece, messages.High); slot++)
                {
                    if (messages.IdAt(slot) != default && messages.AcceptedSecond(slot) < oldest && messages.FlowOf(slot).Class == streamClass)
                    {
                        oldest = messages.AcceptedSecond(slot);
                    }
                }
            }
        }

        return oldest == uint.MaxValue ? null : Seconds.ToTime(oldest);
    }

    private string KeyOf(QueueDimension dimension, int slot)
    {
        ref var recipient = ref index.Recipients[slot];
        var flow = index.Messages.FlowOf(recipient.Message);
        return dimension switch
        {
            QueueDimension.Domain => index.Domains.Of(recipient.Domain).Name,
            QueueDimension.Account => flow.Account,
            QueueDimension.Stream => flow.Stream,
            QueueDimension.Class => flow.Class == StreamClass.Transactional ? "transactional" : "marketing",
            QueueDimension.Campaign => flow.Campaign,
            QueueDimension.Pool => flow.Pool,
            QueueDimension.Category => recipient.Category == 0 ? string.Empty : index.Categories.Of(recipient.Category).ToString(),
            _ => recipient.State switch
            {
                RecipientState.Ready => "ready",
                RecipientState.InFlight => "in_flight",
                RecipientState.Held => "held",
                _ => recipient.Attempts > 0 ? "deferred" : "scheduled",
            },
        };
    }
}
