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
        }

        if (draft.Options.System.Pool is { } system)
        {
            draft.Known(JsonPath.Root["system"]["pool"], "pool", system, draft.Options.Pools.Keys);
        }
    }
}
