using Engine.Configuration;
using Engine.Dkim;
using Engine.Reputation.Blocklists;

namespace Engine.Daemon;

/// <summary>Reads a configuration whole, signing keys and all: what <c>config check</c>, start and reload see is the same.</summary>
internal static class ConfigurationCheck
{
    /// <summary>The snapshot is null with core findings; otherwise what the other findings spoil is isolated in it.</summary>
    public static CheckedConfiguration Load(string file) => Complete(ConfigurationLoader.Load(file));

    public static CheckedConfiguration Complete(LoadResult loaded)
    {
        if (loaded.Snapshot is not { } snapshot)
        {
            return new CheckedConfiguration(null, null, loaded.Findings);
        }

        var before = loaded.Findings.All.Count;
        var keys = KeyRing.Load(snapshot, loaded.Findings);
        BlocklistLoader.Load(snapshot, out var faults);
        foreach (var fault in faults)
        {
            loaded.Findings.Add(fault);
        }

        return loaded.Findings.HasCore
            ? new CheckedConfiguration(null, null, loaded.Findings)
            : new CheckedConfiguration(snapshot.Isolating(loaded.Findings.All.Skip(before)), keys, loaded.Findings);
    }
}
