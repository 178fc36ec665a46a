using System.Collections.Immutable;
using Engine.Mail;

namespace Engine.Suppression.Storing;

/// <summary>The addresses that stand in journals whose records become a run: read once, sorted, written beside the run.</summary>
internal sealed class FlushedAddresses : IDisposable
{
    private readonly StorePlace _place;
    private readonly AddressSeal _seal;
    private readonly List<(StoredKey Key, ReadOnlyMemory<byte> Address)> _found = [];

    private FlushedAddresses(StorePlace place)
    {
        _place = place;
        _seal = new AddressSeal(place.Key.Addresses);
    }

    /// <param name="place">Where the journals are.</param>
    /// <param name="first">The first of them.</param>
    /// <param name="until">The one after the last.</param>
    /// <param name="forgotten">Whose addresses are left out.</param>
    public static FlushedAddresses Read(StorePlace place, long first, long until, ImmutableHashSet<AddressDigest> forgotten)
    {
        var addresses = new FlushedAddresses(place);
        for (var number = first; number < until; number++)
        {
            new JournalScan(place.Directory, number, place.Key.Id).Addresses(addresses._seal, batch => addresses.Take(batch, forgotten));
        }

        // Two addresses of a key have one digest: either will do.
        addresses._found.Sort((one, other) => one.Key.CompareTo(other.Key));
        return addresses;
    }

    /// <summary>Writes those of entries that are in the run.</summary>
    public void Write(long number, ReadOnlySpan<StoredRecord> records)
    {
        using var writer = new AddressWriter(_place.Directory, number, _place.Key.Id, _seal);
        var at = 0;
        foreach (ref readonly var record in records)
        {
            var key = record.Key;
            while (at < _found.Count && _found[at].Key < key)
            {
                at++;
            }

            if (at < _found.Count && _found[at].Key == key && !record.IsTombstone)
            {
                writer.Add(key, _found[at].Address.Span);
            }
        }

        if (writer.Count > 0)
        {
            writer.Finish();
        }
    }

    public void Dispose() => _seal.Dispose();

    private void Take(ReadOnlyMemory<byte> batch, ImmutableHashSet<AddressDigest> forgotten)
    {
        while (!batch.IsEmpty)
        {
            var key = AddressBatch.Read(ref batch, out var address);
            if (forgotten.IsEmpty || !forgotten.Contains(key.Open().Address))
            {
                _found.Add((key, address));
            }
        }
    }
}
