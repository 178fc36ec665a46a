using System.Reflection;

namespace Engine.Reputation.Blocklists;

/// <summary>Tables of zones: those shipped in this assembly, and the zones that have died and are never asked.</summary>
internal static class BlocklistTable
{
    private const string Place = "Engine.Reputation.Blocklists.";

    /// <summary>The zones we ship.</summary>
    /// <exception cref="FormatException">The build is broken.</exception>
    public static IReadOnlyList<BlocklistRow> Shipped()
    {
        var rows = Read(Resource("blocklists.tsv"), out var faults);
        return faults.Count == 0 ? rows : throw new FormatException(faults[0]);
    }

    public static DeadZones Dead() => DeadZones.Parse(Resource("dead-zones.tsv"));

    /// <param name="text">With its head line. Empty lines and those that begin with <c>#</c> are passed over.</param>
    /// <param name="faults">Sentences with the number of their line.</param>
    public static IReadOnlyList<BlocklistRow> Read(string text, out IReadOnlyList<string> faults)
    {
        var rows = new OrderedDictionary<string, BlocklistRow>();
        var bad = new List<string>();
        var lines = text.Split('\n');
        for (var number = 1; number < lines.Length; number++)
        {
            var line = lines[number].TrimEnd('\r');
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (!BlocklistRow.TryParse(line, out var row, out var fault))
            {
                bad.Add($"line {number + 1}: {fault}");
            }
            else if (!rows.TryAdd(row.Zone, row))
            {
                bad.Add($"line {number + 1}: the zone {row.Zone} stands there already");
            }
        }

        faults = bad;
        return [.. rows.Values];
    }

    private static string Resource(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Place + name) ?? throw new FormatException($"the resource {name} is missing");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
