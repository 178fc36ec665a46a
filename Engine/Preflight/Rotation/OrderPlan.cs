using Engine.Dkim;
using Engine.Dkim.Rotation;
using Engine.Mail;

namespace Engine.Preflight.Rotation;

/// <summary>What an order means for a domain's keys. A machine: no disk, no clock, no network.</summary>
/// <param name="order">The order.</param>
/// <param name="terms">Times and kinds.</param>
/// <param name="written">Keys that engine.json names and that sign as the domain: those the engine cannot replace.</param>
/// <param name="found">Keys that lie in the folder.</param>
internal sealed class OrderPlan(RotationOrder order, RotationTerms terms, IReadOnlyList<WrittenKey> written, IReadOnlyList<FoundKey> found)
{
    private List<string> _revoked = [];

    /// <summary>Why no new key is made, and what to do instead; null when one is, or needs not be. What was revoked is revoked all the same.</summary>
    public string? Refusal { get; private set; }

    /// <summary>The domain's next state.</summary>
    /// <param name="rotation">Its state.</param>
    /// <param name="now">Wall clock.</param>
    public DomainRotation Apply(DomainRotation rotation, DateTimeOffset now)
    {
        Refusal = null;
        var known = rotation.Adopt(found);
        if (order.SwitchNow)
        {
            return SwitchNow(known, now);
        }

        var next = order.IsEmergency ? Revoke(known, now) : known;
        if (Refusal is not null)
        {
            return rotation;
        }

        if (order.IsEmergency)
        {
            var gone = written.Where(key => _revoked.Contains(key.Selector, StringComparer.OrdinalIgnoreCase)).ToList();
            Refusal = gone.Count > 0 ? Advice(gone) : null;

            // A key that the engine makes lies in the folder: it would not stand in for one of engine.json.
            return IsExplicit || gone.Count == _revoked.Count ? next : Begin(next, known, rotation, now);
        }

        if (IsExplicit)
        {
            Refusal = $"the keys of {order.Domain} stand in engine.json under domains.{order.Domain}.dkim, which the engine never writes: "
                + "make a key ('engine dkim generate'), publish its record, put it there, and reload";
            return rotation;
        }

        return Begin(next, known, rotation, now);
    }

    private bool IsExplicit => written.Any(static key => key.Place is not WrittenKey.Also and not WrittenKey.Any);

    private static KeyKind KindOf(string type, KeyKind rsa) => type == "ed25519" ? KeyKind.Ed25519 : rsa;

    private static string TypeOf(KeyKind kind) => kind is KeyKind.Ed25519 ? "ed25519" : "rsa";

    private DomainRotation SwitchNow(DomainRotation known, DateTimeOffset now)
    {
        var waiting = known.Keys.Where(key => key is { Standing: KeyStanding.Next, IsMade: true } && (order.Selector is null ? !key.IsSpare : IsNamed(key.Selector, order.Selector))).ToList();
        if (waiting.Count == 0)
        {
            Refusal = $"no key of {order.Domain} waits to sign: 'engine dkim rotate {order.Domain}' makes one";
        }

        return waiting.Aggregate(known, (rotation, key) => rotation.Switch(key.Selector, now));
    }

    private DomainRotation Revoke(DomainRotation known, DateTimeOffset now)
    {
        if (order.Revoke is { } named && !DomainName.TryParse(named, out _))
        {
            Refusal = $"'{named}' cannot be a selector: letters, digits, hyphens and dots are expected";
            return known;
        }

        var selectors = order.Revoke is { } one ? [one]
            : known.Keys.Where(static key => key.Standing is KeyStanding.Signing).Select(static key => key.Selector).Concat(written.Select(static key => key.Selector)).ToList();
        if (selectors.Count == 0)
        {
            Refusal = $"no key of {order.Domain} signs: say with --revoke which selector is compromised";
        }

        _revoked = selectors.Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        return _revoked.Aggregate(known, (rotation, selector) => rotation.Revoke(selector, TypeOf(known, selector), order.Reason, now));
    }

    private string Advice(IReadOnlyList<WrittenKey> gone)
    {
        var places = gone.GroupBy(static key => key.Place).Select(static place => $"{string.Join(", ", place.Select(static key => key.Selector))} under {place.Key}");
        var more = gone.Any(static key => key.Place is WrittenKey.Also) ? "; mail that no other key signs waits until then"
            : gone.Any(static key => key.Place is WrittenKey.Any) ? $"; '*' signs for other domains as before: give the order for each, or take the key out of engine.json and reload; 'engine dkim rotate {order.Domain}' makes a key of its own for this one"
            : string.Empty;
        return $"revoked, it signs nothing more, but engine.json names it ({string.Join("; ", places)} for d={order.Domain}), which the engine never writes: "
            + $"make a key ('engine dkim generate {order.Domain}'), publish its record, put its selector and keyFile there in place of the old, and reload{more}";
    }

    // A key that was made meanwhile, or waits as a spare, is as good as a new one.
    private DomainRotation Begin(DomainRotation next, DomainRotation known, DomainRotation rotation, DateTimeOffset now)
    {
        foreach (var kind in Wanted(next, known))
        {
            if (order.Selector is null && next.Keys.Find(key => key is { Standing: KeyStanding.Next, IsSpare: false } && key.KeyType == TypeOf(kind)) is { } waiting)
            {
                next = next.LookNow(waiting.Selector);
                continue;
            }

            try
            {
                next = next.Begin(kind, order.Selector, isSpare: false, order.Reason, now, terms.Node);
            }
            catch (ArgumentException fault)
            {
                Refusal = Refusal is { } other ? $"{other}; {fault.Message}" : fault.Message;
                return order.IsEmergency ? next : rotation;
            }
        }

        return next;
    }

    private IReadOnlyList<KeyKind> Wanted(DomainRotation next, DomainRotation known)
    {
        if (order.Kind is { } kind)
        {
            return [kind];
        }

        var types = order.IsEmergency
            ? next.Keys.Where(key => key.Standing is KeyStanding.Revoked && known.Find(key.Selector) is { Standing: KeyStanding.Signing }).Select(static key => key.KeyType)
            : next.Keys.Where(static key => key.Standing is KeyStanding.Signing).Select(static key => key.KeyType);
        var missing = types.Distinct().Where(type => !order.IsEmergency || !next.Keys.Exists(key => key.Standing is KeyStanding.Signing && key.KeyType == type)).ToList();
        return missing.Count == 0 && !order.IsEmergency ? [terms.Rsa]
            : order.Selector is not null ? [KindOf(missing.Contains("rsa") ? "rsa" : missing.FirstOrDefault("rsa"), terms.Rsa)]
            : [.. missing.Select(type => KindOf(type, terms.Rsa))];
    }

    private static bool IsNamed(string selector, string name) => string.Equals(selector, name, StringComparison.OrdinalIgnoreCase);

    private string TypeOf(DomainRotation known, string selector) =>
        known.Find(selector)?.KeyType ?? written.FirstOrDefault(key => IsNamed(key.Selector, selector))?.KeyType ?? "rsa";
}
