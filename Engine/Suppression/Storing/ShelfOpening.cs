using System.Globalization;
using Engine.Configuration;

namespace Engine.Suppression.Storing;

/// <summary>The start: what the manifest names is opened and checked, journals are replayed, what a crash left over is deleted.</summary>
internal static class ShelfOpening
{
    /// <exception cref="SuppressionDamagedException">The files cannot be trusted, or are another key's. They are left as they are.</exception>
    /// <exception cref="IOException">Another process has the list, or the disk failed.</exception>
    public static Shelf Open(StorePlace place)
    {
        var manifest = Manifest.Read(place.Directory) ?? First(place);
        if (manifest.Key != place.Key.Id)
        {
            var file = Path.Join(place.Directory, Manifest.FileName);
            throw new SuppressionDamagedException(file, $"the list was written with the key {manifest.Key:x16}, and the key given is {place.Key.Id:x16}: see suppression.keyFile");
        }

        var runs = manifest.Runs.Select(number => Run.Open(place.Directory, number, place.Key.Id)).ToArray();
        var active = new DeltaTable();
        var (journal, length) = Replay(place, manifest, active);
        var next = Numbers(place.Directory, "run-").Append(0).Max() + 1;
        Clean(place.Directory, manifest, journal);
        return new Shelf(place, new StoreView(active, null, runs), JournalFile.Continue(place.Directory, journal, length), manifest, next);
    }

    // Nothing there yet. Files without a manifest are not nothing: the list may have been lost in part.
    private static Manifest First(StorePlace place)
    {
        var odd = Directory.EnumerateFiles(place.Directory).Select(Path.GetFileName)
            .FirstOrDefault(name => name!.StartsWith("run-", StringComparison.Ordinal) || (name.StartsWith("journal-", StringComparison.Ordinal) && name != JournalFile.NameOf(1)));
        if (odd is not null)
        {
            throw new SuppressionDamagedException(Path.Join(place.Directory, Manifest.FileName), $"is missing, and there is a list: {odd}");
        }

        JournalFile.Create(place.Directory, 1, place.Key.Id).Dispose();
        var manifest = new Manifest(place.Key.Id, [], 1, 0);
        manifest.Write(place.Directory);
        return manifest;
    }

    private static (long Journal, long Length) Replay(StorePlace place, Manifest manifest, DeltaTable active)
    {
        var last = Numbers(place.Directory, "journal-").Append(manifest.Journal).Max();
        var length = 0L;
        for (var number = manifest.Journal; number <= last; number++)
        {
            var scan = new JournalScan(place.Directory, number, place.Key.Id);
            scan.Records(number == last, records =>
            {
                foreach (ref readonly var record in records)
                {
                    active.Put(record);
                }
            });
            length = scan.Length;
        }

        return (last, length);
    }

    private static void Clean(string directory, Manifest manifest, long journal)
    {
        var named = manifest.Runs.SelectMany(run => new[] { RunFormat.NameOf(run), AddressFile.NameOf(run) })
            .Concat(Enumerable.Range(0, (int)(journal - manifest.Journal) + 1).Select(offset => JournalFile.NameOf(manifest.Journal + offset)))
            .ToHashSet(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(directory).ToList())
        {
            var name = Path.GetFileName(file);
            var ours = name.StartsWith("run-", StringComparison.Ordinal) || name.StartsWith("journal-", StringComparison.Ordinal) || name.EndsWith(".new", StringComparison.Ordinal);
            if (ours && !named.Contains(name))
            {
                File.Delete(file);
            }
        }

        DurableFile.SyncDirectory(directory);
    }

    private static IEnumerable<long> Numbers(string directory, string prefix) =>
        from file in Directory.EnumerateFiles(directory, prefix + "*")
        let digits = Path.GetFileName(file)[prefix.Length..]
        where digits.Length == 10 && digits.All(char.IsAsciiDigit)
        select long.Parse(digits, CultureInfo.InvariantCulture);
}
