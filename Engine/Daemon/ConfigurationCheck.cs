using Engine.Configuration;
using Engine.Dkim;
using Engine.Dkim.Rotation;
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
        var book = BookOf(snapshot, loaded.Findings);
        var keys = KeyRing.Load(snapshot, book, loaded.Findings);
        BlocklistLoader.Load(snapshot, out var faults);
        foreach (var fault in faults)
        {
            loaded.Findings.Add(fault);
        }

        return loaded.Findings.HasCore
            ? new CheckedConfiguration(null, null, loaded.Findings)
            : new CheckedConfiguration(snapshot.Isolating(loaded.Findings.All.Skip(before)), keys, loaded.Findings) { Book = book };
    }

    // Without it a revoked key would sign again: better no start.
    private static RotationBook BookOf(Snapshot snapshot, Findings findings)
    {
        var file = RotationFile.Of(snapshot);
        try
        {
            return file.Load();
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            findings.Add(new Finding(file.Path, 0, "$.state", $"{fault.Message}: it says which signing keys are revoked; put back a copy, or remove it and take revoked keys out of dkim.directory first"));
            return RotationBook.Blank;
        }
    }
}
