namespace Engine.Reputation.Blocklists;

/// <summary>Zones that have ended. Some answer "listed" to everything, so they are never asked, whatever a configuration says.</summary>
internal sealed class DeadZones
{
    private readonly Dictionary<string, string> _zones = [];
    private readonly Dictionary<string, string> _suffixes = [];

    private DeadZones()
    {
    }

    public IEnumerable<string> Names => _zones.Keys.Concat(_suffixes.Keys);

    /// <param name="text">Columns zone, match (zone or suffix), since, what, source.</param>
    public static DeadZones Parse(string text)
    {
        var dead = new DeadZones();
        foreach (var line in text.Split('\n').Skip(1).Where(line => line.Length > 0))
        {
            if (line.Split('\t') is not [var zone, var match and ("zone" or "suffix"), var since, var what, _])
            {
                throw new FormatException($"not a dead zone: {line}");
            }

            (match == "suffix" ? dead._suffixes : dead._zones).Add(zone, since.Length > 0 ? $"{what} ({since})" : what);
        }

        return dead;
    }

    /// <summary>What became of it; null for one that lives.</summary>
    public string? Fate(string zone)
    {
        if (_zones.TryGetValue(zone, out var fate))
        {
            return fate;
        }

        for (var rest = zone; ; rest = rest[(rest.IndexOf('.', StringComparison.Ordinal) + 1)..])
        {
            if (_suffixes.TryGetValue(rest, out fate))
            {
                return fate;
            }

            if (!rest.Contains('.', StringComparison.Ordinal))
            {
                return null;
            }
        }
    }
}
