using Engine.Configuration;
using Engine.Mail;

namespace Engine.Reputation.Blocklists;

/// <summary>Chooses the lists that are asked. Pure.</summary>
/// <remarks>
/// A zone is asked when it is switched on, or by its default: yes, or its key is given. It is not asked when it has died, when it is switched
/// off, when a zone with a key stands in its place, or when it only repeats another that is asked (one listing must not count twice).
/// </remarks>
internal static class BlocklistSelection
{
    /// <param name="rows">Shipped ones and the operator's.</param>
    /// <param name="dead">Never asked.</param>
    /// <param name="options">What the operator chose.</param>
    /// <param name="keys">The keys themselves, by name.</param>
    /// <param name="faults">Path below <c>$.blocklists</c>, and a sentence for the operator.</param>
    public static IReadOnlyList<Blocklist> Choose(
        IReadOnlyList<BlocklistRow> rows, DeadZones dead, BlocklistOptions options, IReadOnlyDictionary<string, string> keys, out IReadOnlyList<(string Path, string Message)> faults)
    {
        var bad = new List<(string Path, string Message)>();
        Check(rows, dead, options, keys, bad);
        faults = bad;
        var wanted = rows.Where(row => dead.Fate(row.Shown) is null && IsWanted(row, options, keys)).ToList();
        var replaced = wanted.Where(row => row.NeedsKey).SelectMany(row => row.Duplicates).ToHashSet();
        var asked = wanted.Where(row => IsForced(row, options) || !replaced.Contains(row.Zone)).ToList();
        var names = asked.Select(row => row.Zone).ToHashSet();
        return [.. asked
            .Where(row => IsForced(row, options) || row.NeedsKey || !row.Duplicates.Any(names.Contains))
            .SelectMany(row => Lists(row, keys))];
    }

    private static bool IsWanted(BlocklistRow row, BlocklistOptions options, IReadOnlyDictionary<string, string> keys) =>
        (!row.NeedsKey || keys.ContainsKey(row.Key))
        && options.Zones.GetValueOrDefault(row.Shown, row.Default is ZoneDefault.No ? ZoneChoice.Off : ZoneChoice.On) is ZoneChoice.On;

    private static bool IsForced(BlocklistRow row, BlocklistOptions options) => options.Zones.GetValueOrDefault(row.Shown, ZoneChoice.Off) is ZoneChoice.On;

    private static void Check(
        IReadOnlyList<BlocklistRow> rows, DeadZones dead, BlocklistOptions options, IReadOnlyDictionary<string, string> keys, List<(string Path, string Message)> faults)
    {
        foreach (var (zone, choice) in options.Zones)
        {
            var row = rows.FirstOrDefault(row => row.Shown == zone);
            var fault = (row, dead.Fate(zone)) switch
            {
                (_, { } fate) when choice is ZoneChoice.On => $"the zone {zone} has ended: {fate}",
                (null, null) => $"the zone {zone} is in no table",
                ({ NeedsKey: true } known, _) when choice is ZoneChoice.On && !keys.ContainsKey(known.Key) => $"the zone {zone} needs blocklists.keys.{known.Key}",
                _ => null,
            };
            if (fault is not null)
            {
                faults.Add(($"zones['{zone}']", fault));
            }
        }

        foreach (var (name, key) in keys)
        {
            if (!rows.Any(row => row.Key == name))
            {
                faults.Add(($"keys['{name}']", $"no zone has the key '{name}': expected {string.Join(" or ", rows.Select(row => row.Key).Where(known => known.Length > 0).Distinct())}"));
            }
            else if (!DomainName.TryParse(key, out var label) || label.Name.Contains('.', StringComparison.Ordinal))
            {
                faults.Add(($"keys['{name}']", "the file holds no key: expected letters and digits on one line"));
            }
        }
    }

    private static IEnumerable<Blocklist> Lists(BlocklistRow row, IReadOnlyDictionary<string, string> keys)
    {
        var suffix = row.NeedsKey ? $"{keys[row.Key]}.{row.Shown}" : row.Zone;
        return DomainName.TryParse(suffix, out var zone) ? row.Kinds.Select(kind => List(row, kind, zone)) : [];
    }

    private static Blocklist List(BlocklistRow row, ListKind kind, DomainName suffix)
    {
        var (mustList, mustNotList) = (row.Test, kind) switch
        {
            ([var has, var lacks], _) => (has == "-" ? null : has, lacks),
            (_, ListKind.Ip4) => ("127.0.0.2", "127.0.0.1"),
            (_, ListKind.Ip6) => ("::ffff:7f00:2", "::ffff:7f00:1"),
            _ => ("test", "invalid"),
        };
        return new Blocklist
        {
            Zone = row.Shown,
            Kind = kind,
            Weight = row.Weight,
            Suffix = suffix,
            Rules = row.Rules,
            Affects = kind is ListKind.Domain ? [] : row.Affects,
            MustList = mustList,
            MustNotList = mustNotList,
            Named = [row.Shown, .. row.Named],
            Delisting = row.Delisting,
            Operator = row.Operator,
            Access = row.Access,
            Note = row.Note,
        };
    }
}
