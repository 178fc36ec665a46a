namespace Engine.Dns;

/// <summary>Answers by name and kind, bounded, without a lock. A hit allocates nothing and writes at most one flag.</summary>
/// <remarks>
/// Set-associative, like a processor's cache: the hash names a set of eight neighbouring slots, one cache line of references.
/// A full set gives up an answer that has expired, else one not used since it was last passed over (second chance).
/// So a few sets are full before all are; in exchange nothing is shared between two writers but a slot. When two write into one set at once,
/// one answer may be lost, which costs a question. Life is measured on the monotonic clock: a step of the wall clock changes nothing.
/// </remarks>
internal sealed class AnswerCache
{
    private const int Ways = 8;

    private readonly Entry?[] _slots;
    private readonly uint _sets;
    private readonly TimeProvider _clock;

    /// <param name="capacity">Answers kept at most, rounded down to a multiple of eight, at least eight. Each slot costs eight octets at once.</param>
    /// <param name="clock">Measures the life of answers.</param>
    public AnswerCache(int capacity, TimeProvider clock)
    {
        _sets = (uint)Math.Max(capacity / Ways, 1);
        _slots = new Entry?[_sets * Ways];
        _clock = clock;
    }

    /// <returns>Null when there is none that still holds.</returns>
    public IAnswer? Find(CacheKey key)
    {
        var hash = key.Hash();
        foreach (ref var slot in SetOf(hash))
        {
            if (Volatile.Read(ref slot) is { } entry && entry.Hash == hash && entry.Key == key)
            {
                entry.MarkUsed();
                return entry.Deadline > _clock.GetTimestamp() ? entry.Answer : null;
            }
        }

        return null;
    }

    /// <summary>Keeps it until <see cref="IAnswer.Expires"/>.</summary>
    public void Keep(CacheKey key, IAnswer answer)
    {
        var now = _clock.GetTimestamp();
        var life = answer.Expires - _clock.GetUtcNow();
        var hash = key.Hash();
        var entry = new Entry(key, hash, answer, now + (long)(life.TotalSeconds * _clock.TimestampFrequency));
        Volatile.Write(ref SlotFor(SetOf(hash), key, hash, now), entry);
    }

    private static ref Entry? SlotFor(Span<Entry?> set, CacheKey key, uint hash, long now)
    {
        var free = -1;
        for (var at = 0; at < Ways; at++)
        {
            var entry = Volatile.Read(ref set[at]);
            if (entry is not null && entry.Hash == hash && entry.Key == key)
            {
                return ref set[at];
            }

            if (entry is null || entry.Deadline <= now)
            {
                free = at;
            }
        }

        return ref set[free >= 0 ? free : Victim(set, now)];
    }

    // The hand starts anywhere, so that no slot of a busy set is always the first to go.
    private static int Victim(Span<Entry?> set, long now)
    {
        var hand = (int)((ulong)now * 0x9E37_79B9_7F4A_7C15u >> 61);
        for (var step = 0; step < Ways; step++)
        {
            var at = (hand + step) % Ways;
            if (Volatile.Read(ref set[at]) is not { } entry || !entry.TakeUsed())
            {
                return at;
            }
        }

        return hand;
    }

    private Span<Entry?> SetOf(uint hash) => _slots.AsSpan((int)(((ulong)hash * _sets) >> 32) * Ways, Ways);

    private sealed class Entry(CacheKey key, uint hash, IAnswer answer, long deadline)
    {
        private bool _isUsed;

        public CacheKey Key { get; } = key;

        public uint Hash { get; } = hash;

        public IAnswer Answer { get; } = answer;

        public long Deadline { get; } = deadline;

        // Read first: a popular answer's line stays shared between the cores.
        public void MarkUsed()
        {
            if (!_isUsed)
            {
                _isUsed = true;
            }
        }

        public bool TakeUsed()
        {
            var was = _isUsed;
            _isUsed = false;
            return was;
        }
    }
}
