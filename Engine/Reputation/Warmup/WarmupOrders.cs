using System.Collections.Frozen;
using Engine.Configuration;

namespace Engine.Reputation.Warmup;

/// <summary>What operators have ordered: what is held, and which steps were set. Immutable; replaced whole.</summary>
/// <param name="Held">Sources or domains whose steps do not advance.</param>
/// <param name="Steps">By name and operator; the empty operator means all.</param>
internal sealed record WarmupOrders(FrozenSet<string> Held, FrozenDictionary<WarmupKey, (int Step, DateTimeOffset Given)> Steps)
{
    public static readonly WarmupOrders None = new(FrozenSet<string>.Empty, FrozenDictionary<WarmupKey, (int Step, DateTimeOffset Given)>.Empty);

    /// <summary>Of the overrides in force.</summary>
    public static WarmupOrders Of(IEnumerable<Override> overrides)
    {
        var held = new HashSet<string>(StringComparer.Ordinal);
        var steps = new Dictionary<WarmupKey, (int, DateTimeOffset)>();
        foreach (var item in overrides)
        {
            if (SourceOverride.HeldSource(item.Key) is { } source)
            {
                held.Add(source);
            }
            else if (SourceOverride.TryReadStep(item.Key, item.Value, out source, out var at, out var step))
            {
                steps[new WarmupKey(source, at ?? string.Empty)] = (step, item.Since);
            }
        }

        return new WarmupOrders(held.ToFrozenSet(StringComparer.Ordinal), steps.ToFrozenDictionary());
    }

    /// <summary>The order for a pair: its own before that of the whole source; null when there is none.</summary>
    public (int Step, DateTimeOffset Given)? Find(WarmupKey key)
    {
        if (Steps.Count == 0)
        {
            return null;
        }

        return Steps.TryGetValue(key, out var own) ? own
            : Steps.TryGetValue(new WarmupKey(key.Name, string.Empty), out var whole) ? whole
            : null;
    }

    public WarmupOrders WithHeld(string name, bool isHeld) =>
        this with { Held = (isHeld ? Held.Append(name) : Held.Where(other => other != name)).ToFrozenSet(StringComparer.Ordinal) };
}
