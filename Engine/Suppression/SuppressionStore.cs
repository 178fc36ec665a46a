using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using System.Text;
using Engine.Configuration;
using Engine.Mail;
using Engine.Suppression.Storing;

namespace Engine.Suppression;

/// <summary>
/// The list on disk. Look-ups take no lock and wait for no disk unless a filter says maybe; changes go through one writer's thread; runs are written and merged by two more. Thread-safe.
/// </summary>
internal sealed class SuppressionStore : ISuppressionList, IAsyncDisposable
{
    /// <summary>Records in memory before they become a run: some 64 MB with their addresses while it is written.</summary>
    public const int DefaultDeltaLimit = 1 << 20;

    private static readonly TimeSpan FlushEvery = TimeSpan.FromDays(1);

    private const int ReadsAtOnce = 16;

    private readonly Shelf _shelf;
    private readonly ScopeNumbers _scopes;
    private readonly TimeProvider _clock;
    private readonly Upkeep _upkeep;
    private readonly ChangeLoop _changes;
    private readonly ITimer _daily;
    private readonly Meter _meter = new("Engine.Suppression");
    private readonly TaskCompletionSource<Exception> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _disposed;

    private SuppressionStore(Shelf shelf, ScopeNumbers scopes, ILogger log)
    {
        _shelf = shelf;
        _scopes = scopes;
        _clock = shelf.Place.Clock;
        _upkeep = new Upkeep(shelf, log);
        _changes = new ChangeLoop(shelf, _upkeep.Frozen, fault => _failed.TrySetResult(fault));
        _daily = _clock.CreateTimer(_ => _changes.Submit(Change.Rotation()), null, FlushEvery, FlushEvery);
        _meter.CreateObservableGauge("engine_suppression_entries", () => _shelf.Entries, description: "Entries on the suppression list, those that expired and were not yet merged away included. Alert when it falls.");
    }

    /// <summary>Entries on the list; about.</summary>
    public long Entries => _shelf.Entries;

    /// <summary>Ends with its reason when the list takes no more changes until a restart: what its journal holds is not known. Look-ups go on.</summary>
    public Task<Exception> Failed => _failed.Task;

    public SuppressionKey Key => _shelf.Place.Key;

    /// <summary>Opens a list, or begins one. Reads filters and journals, so it takes a thread for a while.</summary>
    /// <param name="directory">Of its files; made when absent.</param>
    /// <param name="key">What it was written with.</param>
    /// <param name="options">As at the start; changes need a restart.</param>
    /// <param name="clock">Says what has expired.</param>
    /// <param name="log">Told of the opening and of faults of the background.</param>
    /// <param name="deltaLimit">Records in memory before they become a run.</param>
    /// <exception cref="SuppressionDamagedException">The files cannot be trusted, or are another key's. They are left as they are.</exception>
    /// <exception cref="IOException">Another process has the list, or the disk failed.</exception>
    public static Task<SuppressionStore> OpenAsync(string directory, SuppressionKey key, SuppressionOptions options, TimeProvider clock, ILogger log, int deltaLimit = DefaultDeltaLimit) => Task.Run(() =>
    {
        Directory.CreateDirectory(directory);
        var hold = new FileStream(Path.Join(directory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        try
        {
            var shelf = ShelfOpening.Open(new StorePlace(directory, key, options, clock, deltaLimit, hold));
            var store = new SuppressionStore(shelf, ScopeNumbers.Open(directory, key.Id, isNew: shelf.View is { Runs.Length: 0, Active.Written: 0 }), log);
            store.ForgetOn();
            SuppressionLog.Opened(log, shelf.Entries, shelf.View.Runs.Length, shelf.View.Active.Written, key.Id);
            return store;
        }
        catch
        {
            hold.Dispose();
            throw;
        }
    });

    public AddressDigest DigestOf(in Mailbox address) => Key.DigestOf(address);

    public ValueTask<SuppressionEntry?> FindAsync(AddressDigest address, StreamKey stream, StreamClass mailClass, CancellationToken stop)
    {
        var view = _shelf.View;
        Span<StoredKey> keys = stackalloc StoredKey[ScopeOrder.Count];
        Span<byte> places = stackalloc byte[ScopeOrder.Count];
        var count = 0;
        for (var place = 0; place < ScopeOrder.Count; place++)
        {
            if (_scopes.TryGet(ScopeOrder.At(place, stream, mailClass), out var number))
            {
                keys[count] = StoredKey.Of(address, number);
                view.Prefetch(keys[count]);
                places[count++] = (byte)place;
            }
        }

        for (var at = 0; at < count; at++)
        {
            if (view.TryGetRecent(keys[at], out var record))
            {
                if (record.Suppresses(_clock.GetUtcNow()))
                {
                    return ValueTask.FromResult<SuppressionEntry?>(record.ToEntry(address, ScopeOrder.At(places[at], stream, mailClass)));
                }
            }
            else if (view.MayBeInRuns(keys[at]))
            {
                return FindOnDiskAsync(view, address, stream, mailClass, places[at], stop);
            }
        }

        return default;
    }

    public async ValueTask<SuppressionEntry?> LookAsync(AddressDigest address, SuppressionScope scope, CancellationToken stop) =>
        _scopes.TryGet(scope, out var number) && await ReadAsync(_shelf.View, StoredKey.Of(address, number), stop).ConfigureAwait(false) is { IsTombstone: false } record
            ? record.ToEntry(address, scope)
            : null;

    public async ValueTask<bool> AddAsync(SuppressionEntry entry, Mailbox address, CancellationToken stop) =>
        await AddAsync(new[] { new SuppressionAddition(entry, address) }, stop).ConfigureAwait(false) > 0;

    /// <summary>Adds many with one commit; completes when they are on stable storage.</summary>
    /// <param name="additions">At most 65 536.</param>
    /// <param name="stop">Gives up waiting, not the addition.</param>
    /// <returns>How many changed something.</returns>
    public async ValueTask<int> AddAsync(IReadOnlyList<SuppressionAddition> additions, CancellationToken stop)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(additions.Count, JournalFrame.MaxRecords);
        var wanted = new StoredRecord[additions.Count];
        var addresses = _shelf.Place.Options.Addresses is AddressKeeping.Encrypted ? new ReadOnlyMemory<byte>[wanted.Length] : null;
        for (var index = 0; index < wanted.Length; index++)
        {
            var entry = additions[index].Entry;
            if (entry.Reason is SuppressionReason.None)
            {
                throw new ArgumentException("An entry needs a reason.", nameof(additions));
            }

            wanted[index] = StoredRecord.Of(StoredKey.Of(entry.Address, _scopes.NumberOf(entry.Scope)), entry);
            if (addresses is not null)
            {
                addresses[index] = additions[index].Address.Wire;
            }
        }

        return wanted.Length == 0 ? 0 : await ChangeAsync(wanted, addresses, stop).ConfigureAwait(false);
    }

    public async ValueTask<bool> RemoveAsync(AddressDigest address, SuppressionScope scope, CancellationToken stop) =>
        _scopes.TryGet(scope, out var number) && await ChangeAsync([StoredRecord.Tombstone(StoredKey.Of(address, number))], null, stop).ConfigureAwait(false) > 0;

    /// <summary>Makes a run of what is in memory.</summary>
    public async Task FlushAsync()
    {
        bool rotated;
        do
        {
            rotated = await _changes.Submit(Change.Rotation()).ConfigureAwait(false) > 0;
            await _upkeep.FlushedAsync().ConfigureAwait(false);
        }
        while (!rotated);
    }

    /// <summary>Waits for a merge where one is due: for those who add millions and would leave merges behind.</summary>
    public Task SettleAsync() => _upkeep.MergedAsync(all: false);

    /// <summary>Makes one run of all: what was removed and what has expired leaves the disk.</summary>
    public async Task CompactAsync()
    {
        await FlushAsync().ConfigureAwait(false);
        await _upkeep.MergedAsync(all: true).ConfigureAwait(false);
    }

    /// <summary>Removes the address from the disk wherever it stands; its digest stays suppressed. Survives a crash: what was begun is ended at the next start.</summary>
    /// <remarks>Writes the addresses of each run that holds it anew: a minute for 200 million. What is asked while one is under way is done together.</remarks>
    public async Task ForgetAsync(AddressDigest address)
    {
        _shelf.Forgotten.Add(address);
        await FlushAsync().ConfigureAwait(false);
        _shelf.Forgotten.Ripen([address]);
        await _upkeep.MergedAsync(all: false).ConfigureAwait(false);
    }

    // What a crash cut short; when it fails, the next start tries again.
    private void ForgetOn()
    {
        var begun = _shelf.Forgotten.Digests;
        if (!begun.IsEmpty)
        {
            _ = ForgetOnAsync(begun);
        }
    }

    private async Task ForgetOnAsync(IReadOnlyCollection<AddressDigest> begun)
    {
        try
        {
            await FlushAsync().ConfigureAwait(false);
            _shelf.Forgotten.Ripen(begun);
            await _upkeep.MergedAsync(all: false).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException or OperationCanceledException or SuppressionDamagedException)
        {
            return;
        }
    }

    /// <summary>Every entry, in no order that means anything: what was on the list at some moment of the call or later. Those removed are left out, those expired are not.</summary>
    /// <remarks>Makes a run of what is in memory first, for addresses stand only in files: a small write where something was added since the last; merges keep runs few.</remarks>
    public async IAsyncEnumerable<ListedEntry> ListAsync([EnumeratorCancellation] CancellationToken stop = default)
    {
        await FlushAsync().ConfigureAwait(false);
        var place = _shelf.Place;
        using var seal = new AddressSeal(place.Key.Addresses);
        using var merged = Merged(seal);
        while (merged.MoveNext())
        {
            stop.ThrowIfCancellationRequested();
            var record = merged.Current;
            if (!record.IsTombstone)
            {
                var (digest, scope) = record.Key.Open();
                var address = _shelf.Forgotten.Digests.Contains(digest) ? default : merged.Address;
                yield return new ListedEntry(record.ToEntry(digest, ScopeOf(scope)), Encoding.UTF8.GetString(address));
            }
        }
    }

    public SuppressionFigures Figures()
    {
        var view = _shelf.View;
        return new SuppressionFigures(
            _shelf.Entries,
            view.Active.Count + (view.Frozen?.Count ?? 0),
            view.Runs.Length,
            view.Runs.Sum(run => run.FileLength),
            _shelf.JournalLength,
            view.Runs.Sum(run => run.Memory),
            _scopes.All.Count,
            Key.Id);
    }

    /// <summary>Writes what waits and ends the threads: the caller's waits for a flush under way, a merge is broken off. What no run holds yet stays in the journal.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        await _daily.DisposeAsync().ConfigureAwait(false);
        _changes.Dispose();
        _upkeep.Dispose();
        _meter.Dispose();
        _shelf.Dispose();
    }

    // From the place on where a filter said maybe.
    private async ValueTask<SuppressionEntry?> FindOnDiskAsync(StoreView view, AddressDigest address, StreamKey stream, StreamClass mailClass, int place, CancellationToken stop)
    {
        for (; place < ScopeOrder.Count; place++)
        {
            var scope = ScopeOrder.At(place, stream, mailClass);
            if (_scopes.TryGet(scope, out var number)
                && await ReadAsync(view, StoredKey.Of(address, number), stop).ConfigureAwait(false) is { } record
                && record.Suppresses(_clock.GetUtcNow()))
            {
                return record.ToEntry(address, scope);
            }
        }

        return null;
    }

    private static ValueTask<StoredRecord?> ReadAsync(StoreView view, StoredKey key, CancellationToken stop) =>
        view.TryGetRecent(key, out var record) ? ValueTask.FromResult<StoredRecord?>(record) : view.ReadRunsAsync(key, stop);

    // What the runs hold is read here, in parallel to others; the writer has only to look into memory.
    private async ValueTask<int> ChangeAsync(StoredRecord[] wanted, ReadOnlyMemory<byte>[]? addresses, CancellationToken stop)
    {
        var view = _shelf.View;
        var found = new StoredRecord?[wanted.Length];
        var maybe = Enumerable.Range(0, wanted.Length).Where(index => !view.TryGetRecent(wanted[index].Key, out _) && view.MayBeInRuns(wanted[index].Key)).ToArray();
        if (maybe.Length == 1)
        {
            found[maybe[0]] = await view.ReadRunsAsync(wanted[maybe[0]].Key, stop).ConfigureAwait(false);
        }
        else if (maybe.Length > 1)
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = stop };
            await Parallel.ForEachAsync(maybe, options, async (index, reading) => found[index] = await view.ReadRunsAsync(wanted[index].Key, reading).ConfigureAwait(false)).ConfigureAwait(false);
        }

        return await _changes.Submit(new Change(wanted, view.Runs, found, addresses)).WaitAsync(stop).ConfigureAwait(false);
    }

    private SuppressionScope ScopeOf(uint number) =>
        number < _scopes.All.Count ? _scopes.All[(int)number] : throw new SuppressionDamagedException(Path.Join(_shelf.Place.Directory, "scopes"), $"does not know the scope {number}, which an entry has");

    // A merge may take files away while they are opened: then it is tried with what it left.
    private MergedRuns Merged(AddressSeal seal)
    {
        while (true)
        {
            var runs = _shelf.View.Runs;
            var merged = new MergedRuns(runs, (_shelf.Place.Directory, Key.Id, seal));
            if (ReferenceEquals(runs, _shelf.View.Runs))
            {
                return merged;
            }

            merged.Dispose();
        }
    }
}
