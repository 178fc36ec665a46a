using Engine.Configuration;

namespace Engine.Reputation.Blocklists;

/// <summary>Reads what <c>blocklists</c> names: the operator's table and the keys.</summary>
internal static class BlocklistLoader
{
    /// <param name="snapshot">Relative paths start at its directory.</param>
    /// <param name="findings">What is wrong with tables, zones and keys; for <c>config check</c>, start and reload. The lists returned go without what is wrong.</param>
    public static IReadOnlyList<Blocklist> Load(Snapshot snapshot, out IReadOnlyList<Finding> findings)
    {
        var options = snapshot.Options.Blocklists;
        var faults = new List<(string Path, string Message)>();
        var rows = Merge(BlocklistTable.Shipped(), Own(snapshot, options, faults));
        var keys = new Dictionary<string, string>();
        foreach (var (name, file) in options.Keys)
        {
            if (Text(snapshot, file, $"keys['{name}']", faults) is { } key)
            {
                keys.Add(name, key.Trim());
            }
        }

        var lists = BlocklistSelection.Choose(rows, BlocklistTable.Dead(), options, keys, out var chosen);
        findings = [.. faults.Concat(chosen).Select(fault => new Finding(snapshot.File, 0, $"$.blocklists.{fault.Path}", fault.Message))];
        return options.OnListing is ListingAction.Off ? [] : lists;
    }

    private static IReadOnlyList<BlocklistRow> Own(Snapshot snapshot, BlocklistOptions options, List<(string Path, string Message)> faults)
    {
        if (options.File is not { } file || Text(snapshot, file, "file", faults) is not { } text)
        {
            return [];
        }

        var rows = BlocklistTable.Read(text, out var bad);
        faults.AddRange(bad.Select(fault => ("file", $"{snapshot.PathTo(file)}, {fault}")));
        return rows;
    }

    private static List<BlocklistRow> Merge(IReadOnlyList<BlocklistRow> shipped, IReadOnlyList<BlocklistRow> own)
    {
        var names = own.Select(row => row.Zone).ToHashSet();
        return [.. own, .. shipped.Where(row => !names.Contains(row.Zone))];
    }

    private static string? Text(Snapshot snapshot, string file, string path, List<(string Path, string Message)> faults)
    {
        try
        {
            return File.ReadAllText(snapshot.PathTo(file));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            faults.Add((path, $"the file {snapshot.PathTo(file)} cannot be read: {fault.Message}"));
            return null;
        }
    }
}
