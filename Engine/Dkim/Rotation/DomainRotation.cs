using System.Collections.Immutable;
using System.Globalization;
using Engine.Mail;

namespace Engine.Dkim.Rotation;

/// <summary>The keys of one domain and how they stand: a machine without clock, disk and network. Immutable; every step gives the next state.</summary>
/// <remarks>
/// <code>
/// Next      seen everywhere asked → Signing; those of its type that signed → Retiring
/// Retiring  TTL, margin and queue are past → Retired
/// any       revoked → Revoked
/// </code>
/// A sighting that is not whole (a silent name server, a broken resolver, another record) moves nothing.
/// </remarks>
/// <param name="Domain">d=</param>
/// <param name="Keys">In the order in which they came.</param>
internal sealed record DomainRotation(DomainName Domain, ImmutableList<RotatedKey> Keys)
{
    /// <summary>No key may sign though one did: the domain's mail waits.</summary>
    public bool IsWithheld => Keys.Exists(static key => key.Standing is KeyStanding.Revoked) && !Keys.Exists(static key => key.Standing is KeyStanding.Signing);

    /// <summary>All its keys wait for their first signature, and no other is known: the domain never signed.</summary>
    public bool HasNeverSigned => !Keys.IsEmpty && Keys.TrueForAll(static key => key.Standing is KeyStanding.Next);

    /// <summary>Nothing is known of the domain's keys: they all sign.</summary>
    public static DomainRotation Empty(DomainName domain) => new(domain, []);

    public RotatedKey? Find(string selector) => Keys.Find(key => string.Equals(key.Selector, selector, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a key may sign; one that is not known may.</summary>
    public bool MaySign(string selector) => Find(selector) is not { Standing: not KeyStanding.Signing };

    /// <summary>Whether the same keys may not sign, and the same ones have ended: then a key ring that was made for the one is good for the other.</summary>
    public bool SignsAs(DomainRotation other) =>
        IsWithheld == other.IsWithheld && Silent(Keys).SetEquals(Silent(other.Keys));

    /// <summary>Takes in the files that lie there: one that is not known signs, as it does without rotation.</summary>
    public DomainRotation Adopt(IEnumerable<FoundKey> found)
    {
        var next = this;
        foreach (var key in found.Where(key => next.Find(key.Selector) is null))
        {
            next = next.With(new RotatedKey(key.Selector, key.KeyType, KeyStanding.Signing, key.Written) { IsMade = true });
        }

        return next;
    }

    /// <summary>A key that is to be made. Where a spare of its type is there, that is taken instead.</summary>
    /// <param name="kind">What kind.</param>
    /// <param name="selector">Its name; null for one by the date.</param>
    /// <param name="isSpare">Whether it is to wait for its turn.</param>
    /// <param name="reason">Why.</param>
    /// <param name="now">Wall clock.</param>
    /// <param name="node">This host's number in its fleet; part of the name, but for the first.</param>
    /// <exception cref="ArgumentException">The selector was used before.</exception>
    public DomainRotation Begin(KeyKind kind, string? selector, bool isSpare, string reason, DateTimeOffset now, int node = RotationTerms.FirstNode)
    {
        var type = TypeOf(kind);
        if (!isSpare && selector is null && Keys.Find(key => key is { Standing: KeyStanding.Next, IsSpare: true } && key.KeyType == type) is { } spare)
        {
            return With(spare with { IsSpare = false, Reason = reason, Asked = null, Told = null });
        }

        if (selector is not null && Find(selector) is not null)
        {
            throw new ArgumentException($"the selector '{selector}' was used before: a name is never used for two keys", nameof(selector));
        }

        return With(new RotatedKey(selector?.ToLowerInvariant() ?? NameFor(kind, now, node), type, KeyStanding.Next, now) { Kind = kind, IsSpare = isSpare, Reason = reason });
    }

    /// <summary>Its file is there.</summary>
    public DomainRotation Made(string selector) => Change(selector, KeyStanding.Next, static key => key with { IsMade = true });

    /// <summary>Its file could not be written: tried again later.</summary>
    public DomainRotation NotMade(string selector, string fault, DateTimeOffset now) =>
        Change(selector, KeyStanding.Next, key => key with { Asked = now, Missing = fault });

    /// <summary>The file of a key that has ended was moved away.</summary>
    public DomainRotation MovedAway(string selector) =>
        Find(selector) is { Standing: KeyStanding.Retired or KeyStanding.Revoked } key ? With(key with { IsMade = false }) : this;

    /// <summary>A next key that was given up: its file is gone, or could not be written.</summary>
    public DomainRotation Drop(string selector) => Find(selector) is { Standing: KeyStanding.Next } key ? this with { Keys = Keys.Remove(key) } : this;

    /// <summary>What DNS showed. A whole sighting lets the key sign, unless it is a spare.</summary>
    public DomainRotation Saw(string selector, KeySighting sighting, DateTimeOffset now)
    {
        var next = Change(selector, KeyStanding.Next, key => key with
        {
            Asked = now,
            Seen = sighting.IsWhole ? now : key.Seen,
            RecordTtl = sighting.Ttl > key.RecordTtl ? sighting.Ttl : key.RecordTtl,
            Missing = sighting.IsWhole ? string.Empty : sighting.Missing,
        });
        return sighting.IsWhole && next.Find(selector) is { Standing: KeyStanding.Next, IsSpare: false } ? next.Switch(selector, now) : next;
    }

    /// <summary>The key signs from now on, and those of its type that did no more.</summary>
    public DomainRotation Switch(string selector, DateTimeOffset now)
    {
        if (Find(selector) is not { Standing: KeyStanding.Next, IsMade: true } key)
        {
            return this;
        }

        var keys = Keys.ConvertAll(other => other.Standing is KeyStanding.Signing && other.KeyType == key.KeyType
            ? other with { Standing = KeyStanding.Retiring, Since = now, Told = null }
            : other);
        return (this with { Keys = keys }).With(key with { Standing = KeyStanding.Signing, Since = now, IsSpare = false, Told = null });
    }

    /// <summary>The key signs nothing from now on, and never again. One that is not known is remembered too.</summary>
    public DomainRotation Revoke(string selector, string keyType, string reason, DateTimeOffset now) =>
        With((Find(selector) ?? new RotatedKey(selector.ToLowerInvariant(), keyType, KeyStanding.Signing, now) { IsMade = true }) with
        {
            Standing = KeyStanding.Revoked,
            Since = now,
            IsSpare = false,
            Reason = reason,
            Told = null,
        });

    /// <summary>Its record may go.</summary>
    public DomainRotation Retire(string selector, DateTimeOffset now) =>
        Change(selector, KeyStanding.Retiring, key => key with { Standing = KeyStanding.Retired, Since = now });

    /// <summary>An operator wants to know: DNS is asked at once.</summary>
    public DomainRotation LookNow(string selector) => Change(selector, KeyStanding.Next, static key => key with { Asked = null });

    /// <summary>The operator was told.</summary>
    public DomainRotation Told(string selector, DateTimeOffset now) => Find(selector) is { } key ? With(key with { Told = now }) : this;

    /// <summary>Forgets what ended long ago.</summary>
    public DomainRotation Forget(DateTimeOffset now) =>
        Keys.Exists(key => IsForgettable(key, now)) ? this with { Keys = Keys.RemoveAll(key => IsForgettable(key, now)) } : this;

    /// <summary>Begins what the terms ask for: successors of keys that are old, and a spare.</summary>
    public DomainRotation Schedule(RotationTerms terms, DateTimeOffset now)
    {
        var next = this;
        foreach (var type in Keys.Where(static key => key.Standing is KeyStanding.Signing).Select(static key => key.KeyType).Distinct().ToList())
        {
            var kind = type == TypeOf(KeyKind.Ed25519) ? KeyKind.Ed25519 : terms.Rsa;
            var newest = next.Keys.Where(key => key.Standing is KeyStanding.Signing && key.KeyType == type).Max(static key => key.Since);
            if (newest + terms.Every <= now && !next.Waits(type, isSpare: false))
            {
                next = next.Begin(kind, null, isSpare: false, $"the signing key is {(now - newest).TotalDays:0} days old", now, terms.Node);
            }

            if (terms.Spare && kind is not KeyKind.Ed25519 && !next.Waits(type, isSpare: true))
            {
                next = next.Begin(kind, null, isSpare: true, "spare", now, terms.Node);
            }
        }

        return next;
    }

    /// <summary>What is to be done now.</summary>
    /// <param name="terms">The times to keep.</param>
    /// <param name="oldestQueued">When the oldest queued mail was accepted; null when nothing is queued.</param>
    /// <param name="now">Wall clock.</param>
    public IReadOnlyList<RotationStep> Steps(RotationTerms terms, DateTimeOffset? oldestQueued, DateTimeOffset now)
    {
        var steps = new List<RotationStep>();
        foreach (var key in Keys)
        {
            if (key.Standing is KeyStanding.Next)
            {
                AddNext(steps, key, now);
            }
            else if (key.Standing is KeyStanding.Retiring && IsOver(key, terms, oldestQueued, now))
            {
                steps.Add(new RotationStep(RotationStepKind.Retire, key));
            }
        }

        return steps;
    }

    /// <summary>When to look again; null when nothing is under way.</summary>
    public DateTimeOffset? NextLook(DateTimeOffset now)
    {
        DateTimeOffset? soonest = null;
        foreach (var key in Keys)
        {
            DateTimeOffset? look = key.Standing switch
            {
                KeyStanding.Next => NextAsk(key, now),
                KeyStanding.Retiring => Later(SoonestOver(key), now + TimeSpan.FromHours(1)),
                _ => null,
            };
            soonest = look < soonest || soonest is null ? look ?? soonest : soonest;
        }

        return soonest;
    }

    /// <summary>True when a retiring key's TTL and margin are past, so that it is worth asking how old the oldest queued mail is.</summary>
    public bool WantsOldest(DateTimeOffset now) => Keys.Exists(key => key.Standing is KeyStanding.Retiring && SoonestOver(key) <= now);

    /// <summary>A name by the date that no key of the domain has had.</summary>
    /// <param name="kind">Of what the key is.</param>
    /// <param name="now">Wall clock.</param>
    /// <param name="node">This host's number: two hosts of a fleet that make keys on the same day must not give two keys one name.</param>
    /// <param name="isTaken">Other names that are taken; null for none.</param>
    public string NameFor(KeyKind kind, DateTimeOffset now, int node, Func<string, bool>? isTaken = null)
    {
        var day = now.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        var stem = string.Create(CultureInfo.InvariantCulture, $"{(kind is KeyKind.Ed25519 ? 'e' : 'r')}{day}{(node == RotationTerms.FirstNode ? string.Empty : $"n{node}")}");
        var name = stem;
        for (var count = 2; Find(name) is not null || isTaken?.Invoke(name) == true; count++)
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{stem}-{count}");
        }

        return name;
    }

    private static HashSet<(string Selector, bool HasEnded)> Silent(ImmutableList<RotatedKey> keys) =>
        [.. keys.Where(static key => key.Standing is not KeyStanding.Signing).Select(static key => (key.Selector.ToLowerInvariant(), key.HasEnded))];

    private static string TypeOf(KeyKind kind) => kind is KeyKind.Ed25519 ? "ed25519" : "rsa";

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static DateTimeOffset SoonestOver(RotatedKey key) => key.Since + key.RecordTtl + RotationTerms.Margin;

    // By the queue itself: all it holds came after the switch. Else by the longest that mail may be queued; what an operator held longer is signed anew.
    private static bool IsOver(RotatedKey key, RotationTerms terms, DateTimeOffset? oldestQueued, DateTimeOffset now) =>
        now >= SoonestOver(key)
        && (oldestQueued is null || oldestQueued > key.Since + RotationTerms.Overlap || now >= SoonestOver(key) + RotationTerms.Overlap + terms.LongestQueued);

    private static bool IsForgettable(RotatedKey key, DateTimeOffset now) =>
        key is { Standing: KeyStanding.Retired, IsMade: false } && key.Since + RotationTerms.Memory < now;

    private void AddNext(List<RotationStep> steps, RotatedKey key, DateTimeOffset now)
    {
        if (NextAsk(key, now) <= now)
        {
            steps.Add(new RotationStep(key.IsMade ? RotationStepKind.Ask : RotationStepKind.Make, key));
        }

        var patience = IsWithheld ? RotationTerms.UrgentPatience : RotationTerms.Patience;
        if (key.Missing.Length > 0 && now - (key.Told ?? key.Since) >= patience)
        {
            steps.Add(new RotationStep(RotationStepKind.Remind, key));
        }
    }

    // A record that was just made known is looked for every minute; one that nobody publishes is not worth more than an hour. Mail that waits is.
    private DateTimeOffset NextAsk(RotatedKey key, DateTimeOffset now)
    {
        if (key.Asked is not { } asked)
        {
            return now;
        }

        var pause = (key.Seen, now - key.Since) switch
        {
            _ when IsWithheld && !key.IsSpare => TimeSpan.FromSeconds(15),
            (not null, _) when key.IsSpare => TimeSpan.FromDays(1),
            (_, var age) when age < TimeSpan.FromHours(1) => TimeSpan.FromMinutes(1),
            (_, var age) when age < TimeSpan.FromDays(1) => TimeSpan.FromMinutes(10),
            _ => TimeSpan.FromHours(1),
        };
        return asked + pause;
    }

    private bool Waits(string type, bool isSpare) => Keys.Exists(key => key.Standing is KeyStanding.Next && key.KeyType == type && key.IsSpare == isSpare);

    private DomainRotation Change(string selector, KeyStanding standing, Func<RotatedKey, RotatedKey> change) =>
        Find(selector) is { } key && key.Standing == standing ? With(change(key)) : this;

    private DomainRotation With(RotatedKey key)
    {
        var at = Keys.FindIndex(other => string.Equals(other.Selector, key.Selector, StringComparison.OrdinalIgnoreCase));
        return this with { Keys = at < 0 ? Keys.Add(key) : Keys.SetItem(at, key) };
    }
}
