using Engine.Configuration;
using Engine.Mail;

namespace Engine.Reputation.Score;

/// <summary>
/// Who opened or clicked lately, by keyed digest: the day of the last time, nothing else. 64 shards with a lock each; any thread. A mark that is new is kept for the journal.
/// </summary>
internal sealed class EngagementBook
{
    private const int Shards = 64;

    /// <summary>Marks that wait for the journal; beyond it they are in the next snapshot only.</summary>
    private const int MaxPending = 1 << 20;

    private static readonly DateTimeOffset FirstDay = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly EngagementShard[] _shards = [.. Enumerable.Range(0, Shards).Select(_ => new EngagementShard())];
    private readonly Func<Mailbox, AddressDigest> _digest;
    private readonly Lock _gate = new();
    private List<(AddressDigest Digest, ushort Day)> _pending = [];
    private EngagementOptions _options;

    /// <param name="options">How long and how many.</param>
    /// <param name="digest">The digest of an address, normalised as suppression does it.</param>
    public EngagementBook(EngagementOptions options, Func<Mailbox, AddressDigest> digest) => (_options, _digest) = (options, digest);

    /// <summary>A digest under the key in use: what was kept under another key is of no use.</summary>
    public AddressDigest KeyMark => _digest(Mailbox.Parse("key@engagement.invalid"));

    /// <summary>Addresses remembered.</summary>
    public int Count => Sum(static shard => shard.Count);

    /// <summary>Octets held.</summary>
    public long Octets => Sum(static shard => (int)(shard.Octets >> 4)) * 16L;

    public static ushort DayOf(DateTimeOffset time) => (ushort)Math.Clamp((time - FirstDay).Ticks / TimeSpan.TicksPerDay, 1, ushort.MaxValue - 1);

    public void Load(EngagementOptions options) => Volatile.Write(ref _options, options);

    /// <summary>An address opened or clicked.</summary>
    /// <param name="address">Who.</param>
    /// <param name="at">When; what lies ahead counts as now, what is older than <c>engagement.keep</c> not at all.</param>
    /// <param name="now">The time.</param>
    public void Mark(Mailbox address, DateTimeOffset at, DateTimeOffset now)
    {
        var options = Volatile.Read(ref _options);
        if (now - at >= options.Keep)
        {
            return;
        }

        var (digest, day) = (_digest(address), DayOf(at > now ? now : at));
        if (Mark(digest, day))
        {
            lock (_gate)
            {
                if (_pending.Count < MaxPending)
                {
                    _pending.Add((digest, day));
                }
            }
        }
    }

    /// <summary>High when it opened or clicked within <c>engagement.engagedFor</c>; null when nothing is known that lately.</summary>
    public Engagement? Of(Mailbox address, DateTimeOffset now) => DaysSince(_digest(address), now) is { } days && days * TimeSpan.TicksPerDay < Volatile.Read(ref _options).EngagedFor.Ticks ? Engagement.High : null;

    /// <summary>Takes a mark that was kept; true when it is news.</summary>
    public bool Mark(AddressDigest digest, ushort day)
    {
        var shard = ShardOf(digest);
        lock (shard)
        {
            return shard.Mark(digest, day, Math.Max(1, Volatile.Read(ref _options).MaxAddresses / Shards));
        }
    }

    /// <summary>Marks since the last call, for the journal.</summary>
    /// <param name="isWhole">False when there were more than are kept: only a snapshot has them all.</param>
    public IReadOnlyList<(AddressDigest Digest, ushort Day)> TakePending(out bool isWhole)
    {
        lock (_gate)
        {
            var taken = _pending;
            (_pending, isWhole) = ([], taken.Count < MaxPending);
            return taken;
        }
    }

    /// <summary>Forgets what is older than <c>engagement.keep</c>, shard by shard.</summary>
    public void Forget(DateTimeOffset now)
    {
        var first = DayOf(now - Volatile.Read(ref _options).Keep);
        foreach (var shard in _shards)
        {
            lock (shard)
            {
                shard.Forget(first);
            }
        }
    }

    /// <summary>Gives everything, shard by shard, each under its lock.</summary>
    public void Each(Action<AddressDigest, ushort> take)
    {
        foreach (var shard in _shards)
        {
            lock (shard)
            {
                shard.Each(take);
            }
        }
    }

    private int? DaysSince(AddressDigest digest, DateTimeOffset now)
    {
        var shard = ShardOf(digest);
        lock (shard)
        {
            return shard.DayOf(digest) is > 0 and var day ? Math.Max(0, DayOf(now) - day) : null;
        }
    }

    private EngagementShard ShardOf(AddressDigest digest) => _shards[digest.High >> 58];

    private int Sum(Func<EngagementShard, int> count)
    {
        var sum = 0;
        foreach (var shard in _shards)
        {
            lock (shard)
            {
                sum += count(shard);
            }
        }

        return sum;
    }
}
