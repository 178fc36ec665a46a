using Engine.Configuration;

namespace Engine.Suppression.Storing;

/// <summary>
/// The files of the list and the view of them. The writer's thread adds and rotates; the flusher's turns the frozen table into a run; the merger's makes one run of several. Each swaps the view
/// under a lock of nanoseconds; readers take none.
/// </summary>
internal sealed class Shelf : IDisposable
{
    private readonly Lock _gate = new();
    private readonly AddressSeal _seal;
    private StoreView _view;
    private JournalFile _journal;
    private long _firstJournal;
    private long _baseline;
    private long _nextRun;

    internal Shelf(StorePlace place, StoreView view, JournalFile journal, Manifest manifest, long nextRun)
    {
        Place = place;
        _view = view;
        _journal = journal;
        _firstJournal = manifest.Journal;
        _baseline = manifest.Entries;
        _nextRun = nextRun;
        _seal = new AddressSeal(place.Key.Addresses);
        Forgotten = new Forgotten(place.Directory);
    }

    public StorePlace Place { get; }

    public Forgotten Forgotten { get; }

    public StoreView View => Volatile.Read(ref _view);

    /// <summary>Octets of journals that a start would replay, of the one that is written.</summary>
    public long JournalLength => _journal.Length;

    /// <summary>Why the journal takes nothing more until a restart; null while it does. For the writer's thread.</summary>
    public Exception? JournalFault => _journal.Fault;

    /// <summary>Entries on the list; about, for those that expired are counted until a merge drops them.</summary>
    public long Entries
    {
        get
        {
            lock (_gate)
            {
                return _baseline + _view.Active.Net + (_view.Frozen?.Net ?? 0);
            }
        }
    }

    /// <summary>Writer: adds what was decided. Stable, and then visible, when this returns.</summary>
    /// <exception cref="IOException">Nothing was added.</exception>
    public void Append(ReadOnlySpan<StoredRecord> records, ReadOnlySpan<byte> addresses)
    {
        _journal.Append(records, addresses, _seal);
        var active = _view.Active;
        foreach (ref readonly var record in records)
        {
            active.Put(record);
        }
    }

    /// <summary>Writer: freezes the table and begins a journal and a table.</summary>
    /// <returns>False when there is nothing to freeze, or a frozen one is not yet written.</returns>
    public bool TryRotate()
    {
        if (_view.Frozen is not null || _view.Active.Written == 0)
        {
            return false;
        }

        var next = JournalFile.Create(Place.Directory, _journal.Number + 1, Place.Key.Id);
        _journal.Dispose();
        _journal = next;
        lock (_gate)
        {
            Volatile.Write(ref _view, new StoreView(new DeltaTable(), _view.Active, _view.Runs));
        }

        return true;
    }

    /// <summary>Flusher: writes the frozen table as a run, and lets its journals go.</summary>
    /// <returns>False when there is none.</returns>
    public bool Flush()
    {
        if (View.Frozen is not { } frozen)
        {
            return false;
        }

        // Only the flusher ends what is frozen, so no other rotation comes between.
        var (first, until) = (_firstJournal, _journal.Number);
        var run = WriteFrozen(frozen, until);
        lock (_gate)
        {
            var runs = (Run[])[run, .. _view.Runs];
            new Manifest(Place.Key.Id, [.. runs.Select(one => one.Number)], until, _baseline + frozen.Net).Write(Place.Directory);
            _baseline += frozen.Net;
            _firstJournal = until;
            Volatile.Write(ref _view, new StoreView(_view.Active, null, runs));
        }

        for (; first < until; first++)
        {
            File.Delete(Path.Join(Place.Directory, JournalFile.NameOf(first)));
        }

        return true;
    }

    /// <summary>Merger: makes one run of the newest ones, where they are many enough.</summary>
    /// <param name="all">Merges all runs, even if there is but one.</param>
    /// <param name="stop">Breaks it off; the runs stay as they are.</param>
    /// <returns>False when there was nothing to do.</returns>
    public bool Merge(bool all, CancellationToken stop)
    {
        var present = View.Runs;
        var count = all ? present.Length : RunMerge.Choose(present);
        if (count < (all ? 1 : 2))
        {
            return false;
        }

        var inputs = present[..count];
        var merge = new RunMerge(Place, inputs, count == present.Length, Forgotten.Digests);
        var output = merge.Write(NextRun(), BitsFor(inputs.Sum(run => run.Records), present), stop);
        lock (_gate)
        {
            // Flushes may have put newer runs in front meanwhile; nobody else changes the rest.
            var newer = _view.Runs.Length - present.Length;
            var runs = (Run[])[.. _view.Runs[..newer], output, .. present[count..]];
            new Manifest(Place.Key.Id, [.. runs.Select(one => one.Number)], _firstJournal, _baseline - merge.Expired).Write(Place.Directory);
            _baseline -= merge.Expired;
            Volatile.Write(ref _view, new StoreView(_view.Active, _view.Frozen, runs));
        }

        foreach (var run in inputs)
        {
            Delete(run);
        }

        LetGo(inputs.Sum(run => run.Memory));
        return !all;
    }

    /// <summary>Merger: takes what is to be forgotten out of the addresses of every run.</summary>
    /// <param name="stop">Breaks it off; it is begun anew at the next start.</param>
    public void Forget(CancellationToken stop)
    {
        var digests = Forgotten.Ripe;
        foreach (var run in digests.IsEmpty ? [] : View.Runs)
        {
            RunMerge.Forget(Place, run.Number, digests, stop);
        }

        if (!digests.IsEmpty)
        {
            Forgotten.Done(digests);
        }
    }

    public void Dispose()
    {
        _journal.Dispose();
        _seal.Dispose();
        Place.Dispose();
    }

    private double BitsFor(long records, IReadOnlyList<Run> present) => BlockFilter.BitsFor(records, present.Sum(run => run.Records), Place.Options.Memory);

    private Run WriteFrozen(DeltaTable frozen, long until)
    {
        var records = frozen.Sorted();
        var present = View.Runs;
        using var addresses = Place.Options.Addresses is AddressKeeping.Encrypted ? FlushedAddresses.Read(Place, _firstJournal, until, Forgotten.Digests) : null;
        var number = NextRun();
        using var writer = new RunWriter(Place.Directory, number, Place.Key.Id, records.Length, BitsFor(records.Length, present));
        foreach (ref readonly var record in records.AsSpan())
        {
            writer.Add(record);
        }

        addresses?.Write(number, records);
        return writer.Finish();
    }

    private long NextRun() => Interlocked.Increment(ref _nextRun) - 1;

    // Filters are freed by the collector, which has no reason of its own to look for the last reader now.
    private static void LetGo(long octets)
    {
        if (octets > 32 << 20)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
        }
    }

    // A reader that has it open goes on reading: the name goes, the file when the last has let go.
    private void Delete(Run run)
    {
        File.Delete(run.FilePath);
        File.Delete(Path.Join(Place.Directory, AddressFile.NameOf(run.Number)));
    }
}
