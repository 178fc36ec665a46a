using Engine.Configuration.Reading;
using Engine.Configuration.Shapes;
using Engine.Mail;

namespace Engine.Configuration.Checks;

/// <summary>Pools: sources and accounts that exist; no source in pools of two classes.</summary>
internal static class PoolChecks
{
    public static void Run(Draft draft)
    {
        var classes = new Dictionary<string, (StreamClass Class, string Pool)>();
        foreach (var (name, pool) in draft.Options.Pools)
        {
            var path = JsonPath.Root["pools"][name];
            foreach (var source in pool.Sources.Keys)
            {
                draft.Known(path["sources"][source], "source", source, draft.Options.Sources.Keys);
                if (!classes.TryAdd(source, (pool.Class, name)) && classes[source] is var first && first.Class != pool.Class)
                {
                    var (its, ours) = (Spelling.Of(first.Class), Spelling.Of(pool.Class));
                    draft.Report.Add(
                        path["sources"][source],
                        $"the source '{source}' is in the {its} pool '{first.Pool}' already, and this one is {ours}: classes never share a source");
                }
            }

            for (var index = 0; index < pool.ExclusiveTo.Count; index++)
            {
                draft.KnownAccount(path["exclusiveTo"][index], pool.ExclusiveTo[index]);
            }

            Fallback(draft, path["onEmpty"], name, pool);
        }

        if (draft.Options.System.Pool is { } system)
        {
            draft.Known(JsonPath.Root["system"]["pool"], "pool", system, draft.Options.Pools.Keys);
        }
    }

    private static void Fallback(Draft draft, JsonPath path, string name, PoolOptions pool)
    {
        if (!PoolFallback.TryParse(pool.OnEmpty, out var fallback))
        {
            // Its form was reported where it was read.
            return;
        }

        if (fallback.Pool is not { } next)
        {
            return;
        }

        if (!draft.Options.Pools.TryGetValue(next, out var other))
        {
            draft.Known(path, "pool", next, draft.Options.Pools.Keys);
        }
        else if (other.Class != pool.Class)
        {
            draft.Report.Add(path, $"the pool '{next}' is {Spelling.Of(other.Class)}, this one is {Spelling.Of(pool.Class)}: classes never share a source");
        }
        else if (other.ExclusiveTo.Count > 0 && (pool.ExclusiveTo.Count == 0 || pool.ExclusiveTo.Except(other.ExclusiveTo, StringComparer.Ordinal).Any()))
        {
            draft.Report.Add(path, $"the pool '{next}' is exclusive to {string.Join(", ", other.ExclusiveTo)}, and this one has mail of others");
        }
        else if (Circle(draft.Options.Pools, name) is { } circle)
        {
            draft.Report.Add(path, $"leads back to itself: {circle}");
        }
    }

    // The way from a pool back to it; null when there is none. A circle further on is a finding of the pools in it.
    private static string? Circle(IReadOnlyDictionary<string, PoolOptions> pools, string start)
    {
        List<string> way = [start];
        while (pools.TryGetValue(way[^1], out var pool) && PoolFallback.TryParse(pool.OnEmpty, out var fallback) && fallback.Pool is { } next)
        {
            if (next == start)
            {
                return string.Join(" → ", [.. way, next]);
            }

            if (way.Contains(next))
            {
                return null;
            }

            way.Add(next);
        }

        return null;
    }
}
