namespace Engine.Reputation.Blocklists;

/// <summary>
/// The self-test of one list (RFC 5782 §5): an entry that must be there is, and one that must not be is not. A list that fails is not
/// counted and is tested again after an hour, then two, up to a day; a good one is tested every hour.
/// </summary>
/// <remarks>
/// Silence is doubtful: three tests, a minute apart, while some other list answered; otherwise it is our resolver, and the list keeps its state.
/// Not thread-safe.
/// </remarks>
/// <param name="list">What is tested.</param>
/// <param name="first">When to test it first.</param>
internal sealed class SelfTest(Blocklist list, DateTimeOffset first)
{
    /// <summary>Tests without an answer before a list is silent.</summary>
    public const int MaxSilences = 3;

    /// <summary>Checks without an answer, in a row, before a list is tested out of turn.</summary>
    public const int MaxMisses = 5;

    private static readonly TimeSpan Usual = TimeSpan.FromHours(1);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(1);

    private TimeSpan _backoff = Usual;
    private DateTimeOffset _silentSince;
    private int _silences;
    private int _misses;

    public Blocklist List { get; } = list;

    public ZoneHealth Health { get; private set; }

    public bool Counts => Health is ZoneHealth.Good;

    /// <summary>When it got its present health.</summary>
    public DateTimeOffset Since { get; private set; } = first;

    public DateTimeOffset NextAt { get; private set; } = first;

    public DateTimeOffset TestedAt { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>Last good test.</summary>
    public DateTimeOffset PassedAt { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>What the last test saw that was not good: a code or address; empty else.</summary>
    public string Seen { get; private set; } = string.Empty;

    /// <summary>The longest a resolver keeps a "no" of this zone: how much later than the zone we may see a listing. Null until known.</summary>
    public TimeSpan? NegativeTtl { get; private set; }

    public static ZoneHealth Judge(ListAnswer? mustList, ListAnswer mustNotList) => (mustList?.Verdict, mustNotList.Verdict) switch
    {
        (ListVerdict.Foreign, _) or (_, ListVerdict.Foreign) => ZoneHealth.Foreign,
        (ListVerdict.Refused, _) or (_, ListVerdict.Refused) => ZoneHealth.Refused,
        (_, ListVerdict.Listed or ListVerdict.Other) => ZoneHealth.Wildcard,
        (ListVerdict.NoAnswer, _) or (_, ListVerdict.NoAnswer) => ZoneHealth.Silent,
        (ListVerdict.NotListed, _) => ZoneHealth.Empty,
        _ => ZoneHealth.Good,
    };

    /// <param name="mustList">The answer for what must be listed; null when the list has no such entry.</param>
    /// <param name="mustNotList">The answer for what must not be listed.</param>
    /// <param name="now">When they came.</param>
    /// <param name="lastAnswer">When any list last answered anything.</param>
    /// <returns>True when the health changed.</returns>
    public bool Take(ListAnswer? mustList, ListAnswer mustNotList, DateTimeOffset now, DateTimeOffset lastAnswer)
    {
        TestedAt = now;
        _misses = 0;
        NoteNegative(mustNotList.NegativeTtl);
        var health = Judge(mustList, mustNotList);
        if (health is ZoneHealth.Silent && IsDoubtful(now, lastAnswer))
        {
            NextAt = now + Soon;
            return false;
        }

        if (health is ZoneHealth.Good)
        {
            (PassedAt, NextAt, _backoff, _silences, Seen) = (now, now + Usual, Usual, 0, string.Empty);
        }
        else
        {
            NextAt = now + _backoff;
            _backoff = _backoff * 2 < Longest ? _backoff * 2 : Longest;
            Seen = mustNotList.Meaning.Length > 0 ? mustNotList.Meaning : mustList?.Meaning ?? string.Empty;
        }

        if (health == Health)
        {
            return false;
        }

        (Health, Since) = (health, now);
        return true;
    }

    /// <summary>Takes note of an answer to a check; one that does not fit a good list brings the next test forward, at most once a minute.</summary>
    public void Note(ListAnswer answer, DateTimeOffset now)
    {
        NoteNegative(answer.NegativeTtl);
        _misses = answer.Verdict is ListVerdict.NoAnswer ? _misses + 1 : 0;
        if (_misses >= MaxMisses || answer.Verdict is ListVerdict.Refused or ListVerdict.Foreign)
        {
            Doubt(now);
        }
    }

    /// <summary>Something is strange: test it now, unless it was tested in the last minute.</summary>
    public void Doubt(DateTimeOffset now)
    {
        var soonest = TestedAt > DateTimeOffset.MinValue ? TestedAt + Soon : now;
        var next = soonest > now ? soonest : now;
        NextAt = next < NextAt ? next : NextAt;
    }

    /// <summary>Test it now, whenever it was tested last.</summary>
    public void Hurry(DateTimeOffset now) => NextAt = now < NextAt ? now : NextAt;

    /// <summary>Takes over what is known from the test of the same zone before a reload.</summary>
    public SelfTest After(SelfTest before)
    {
        (Health, Since, NextAt, TestedAt, PassedAt) = (before.Health, before.Since, before.NextAt, before.TestedAt, before.PassedAt);
        (Seen, NegativeTtl, _backoff) = (before.Seen, before.NegativeTtl, before._backoff);
        return this;
    }

    private void NoteNegative(TimeSpan? ttl) => NegativeTtl = ttl > (NegativeTtl ?? TimeSpan.Zero) ? ttl : NegativeTtl ?? ttl;

    private bool IsDoubtful(DateTimeOffset now, DateTimeOffset lastAnswer)
    {
        if (Health is not (ZoneHealth.Good or ZoneHealth.Untested))
        {
            return false;
        }

        _silentSince = _silences == 0 ? now : _silentSince;
        _silences++;
        return _silences < MaxSilences || lastAnswer <= _silentSince;
    }
}
