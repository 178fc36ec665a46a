namespace Engine.Mail;

/// <summary>Gives out message ids that grow strictly, also over restarts and when the clock steps back. Thread-safe.</summary>
/// <param name="node">1–4095.</param>
/// <param name="clock">Wall clock.</param>
/// <param name="last">The greatest id ever given by this node, as the queue's recovery found it; default for none.</param>
internal sealed class MessageIdSource(int node, TimeProvider clock, MessageId last = default)
{
    private readonly ulong _node = (ulong)node << 52;
    private ulong _last = last.Node == node ? last.Value & ((1UL << 52) - 1) : 0;

    public MessageId Next()
    {
        while (true)
        {
            var seen = Volatile.Read(ref _last);
            var now = (ulong)Math.Max(0, (clock.GetUtcNow() - MessageId.Epoch).Ticks / TimeSpan.TicksPerMillisecond) << 12;
            var next = Math.Max(seen + 1, now);
            if (Interlocked.CompareExchange(ref _last, next, seen) == seen)
            {
                return new MessageId(_node | next);
            }
        }
    }
}
