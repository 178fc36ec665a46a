using System.Collections.Immutable;
using Engine.Configuration;
using Engine.Mail;

namespace Engine.Suppression.Storing;

/// <summary>Makes one run of several. Where no older run is left out, what was removed and what has expired is gone in it.</summary>
/// <param name="place">Where.</param>
/// <param name="inputs">Newest first, and neighbours.</param>
/// <param name="last">The oldest run is among them.</param>
/// <param name="forgotten">Whose addresses are left out.</param>
internal sealed class RunMerge(StorePlace place, IReadOnlyList<Run> inputs, bool last, ImmutableHashSet<AddressDigest> forgotten)
{
    /// <summary>Entries that had expired and were dropped.</summary>
    public long Expired { get; private set; }

    /// <summary>
    /// How many of the newest runs are to be merged: those after which the next older one is more than twice as large as they are together. So sizes grow by threes, and a billion entries are some seven
    /// runs; each entry is written about ten times in its life.
    /// </summary>
    /// <param name="runs">Newest first.</param>
    /// <returns>Below 2 when none.</returns>
    public static int Choose(IReadOnlyList<Run> runs)
    {
        var records = 0L;
        for (var count = 0; count < runs.Count; count++)
        {
            if (count > 0 && runs[count].Records > records * 2)
            {
                return count;
            }

            records += runs[count].Records;
        }

        return runs.Count;
    }

    /// <summary>Writes the addresses of a run anew without those to be forgotten; leaves a file alone that has none of them.</summary>
    public static void Forget(StorePlace place, long run, ImmutableHashSet<AddressDigest> digests, CancellationToken stop)
    {
        using var seal = new AddressSeal(place.Key.Addresses);
        using var file = AddressFile.Open(place.Directory, run, place.Key.Id, seal);
        if (file is null)
        {
            return;
        }

        var dropped = 0L;
        using var writer = new AddressWriter(place.Directory, run, place.Key.Id, seal);
        while (file.MoveNext())
        {
            stop.ThrowIfCancellationRequested();
            if (digests.Contains(file.Key.Open().Address))
            {
                dropped++;
            }
            else
            {
                writer.Add(file.Key, file.Address);
            }
        }

        if (dropped > 0)
        {
            writer.Finish();
        }
    }

    /// <param name="number">Of the run to be.</param>
    /// <param name="bits">Bits of filter a key.</param>
    /// <param name="stop">Breaks it off and leaves nothing.</param>
    public Run Write(long number, double bits, CancellationToken stop)
    {
        var now = place.Clock.GetUtcNow();
        var keep = place.Options.Addresses is AddressKeeping.Encrypted;
        using var seal = new AddressSeal(place.Key.Addresses);
        using var merged = new MergedRuns(inputs, keep ? (place.Directory, place.Key.Id, seal) : null);
        using var addresses = keep ? new AddressWriter(place.Directory, number, place.Key.Id, seal) : null;
        using var run = new RunWriter(place.Directory, number, place.Key.Id, inputs.Sum(input => input.Records), bits);
        while (merged.MoveNext())
        {
            stop.ThrowIfCancellationRequested();
            var record = merged.Current;
            if (last && (record.IsTombstone || record.IsExpired(now)))
            {
                Expired += record.IsTombstone ? 0 : 1;
                continue;
            }

            run.Add(record);
            if (!record.IsTombstone && !merged.Address.IsEmpty && !IsForgotten(record.Key))
            {
                addresses!.Add(record.Key, merged.Address);
            }
        }

        if (addresses is { Count: > 0 })
        {
            addresses.Finish();
        }

        return run.Finish();
    }

    private bool IsForgotten(StoredKey key) => !forgotten.IsEmpty && forgotten.Contains(key.Open().Address);
}
