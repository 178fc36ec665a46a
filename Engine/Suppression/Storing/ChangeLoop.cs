using System.Buffers;
using System.Runtime.InteropServices;

namespace Engine.Suppression.Storing;

/// <summary>
/// The writer: one thread that takes all changes that wait, decides them one after the other, writes one frame for them, and tells those who wait once it is stable. Whoever comes meanwhile is in
/// the next frame.
/// </summary>
internal sealed class ChangeLoop : IDisposable
{
    private readonly Shelf _shelf;
    private readonly Action _rotated;
    private readonly Action<Exception> _failed;
    private readonly Thread _thread;
    private readonly object _gate = new();
    private readonly Dictionary<StoredKey, StoredRecord> _staged = [];
    private readonly List<StoredRecord> _records = [];
    private readonly ArrayBufferWriter<byte> _addresses = new();
    private List<Change> _waiting = [];
    private List<Change> _taken = [];
    private bool _stopping;

    /// <param name="shelf">Where it writes.</param>
    /// <param name="rotated">Called when a table was frozen.</param>
    /// <param name="failed">Called, maybe more than once, when the journal takes nothing until a restart.</param>
    public ChangeLoop(Shelf shelf, Action rotated, Action<Exception> failed)
    {
        (_shelf, _rotated, _failed) = (shelf, rotated, failed);
        _thread = new Thread(Run) { IsBackground = true, Name = "suppression writer" };
        _thread.Start();
    }

    /// <summary>Hands a change in.</summary>
    /// <returns>How many of its entries changed something, once that is stable.</returns>
    public Task<int> Submit(Change change)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping, this);
            _waiting.Add(change);
            Monitor.Pulse(_gate);
        }

        return change.Done;
    }

    /// <summary>Writes what waits, and ends.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.Pulse(_gate);
        }

        _thread.Join();
    }

    private void Run()
    {
        while (Take())
        {
            for (var first = 0; first < _taken.Count;)
            {
                first += Commit(first);
            }

            if (_shelf.View.Active.Written >= _shelf.Place.DeltaLimit)
            {
                TryRotate();
            }

            _taken.Clear();
        }
    }

    // A disk that takes no new journal: the table grows on, and the next commit tries again.
    private void TryRotate()
    {
        try
        {
            Rotate();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return;
        }
    }

    private bool Take()
    {
        lock (_gate)
        {
            while (_waiting.Count == 0)
            {
                if (_stopping)
                {
                    return false;
                }

                Monitor.Wait(_gate);
            }

            (_waiting, _taken) = (_taken, _waiting);
            return true;
        }
    }

    // As many changes as one frame holds.
    private int Commit(int first)
    {
        var count = 0;
        try
        {
            _staged.Clear();
            _records.Clear();
            _addresses.Clear();
            do
            {
                Decide(_taken[first + count]);
                count++;
            }
            while (first + count < _taken.Count && _records.Count + _taken[first + count].Wanted.Length <= JournalFrame.MaxRecords);

            if (_records.Count > 0)
            {
                _shelf.Append(CollectionsMarshal.AsSpan(_records), _addresses.WrittenSpan);
            }

            foreach (var change in _taken.GetRange(first, count))
            {
                Finish(change);
            }
        }
#pragma warning disable CA1031 // The top of the loop: whoever waits gets the fault, and the next change is tried.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            count = Math.Max(1, count);
            _taken.GetRange(first, count).ForEach(change => change.Fail(fault));
            if (_shelf.JournalFault is { } lasting)
            {
                _failed(lasting);
            }
        }

        return count;
    }

    private void Finish(Change change)
    {
        if (change.IsRotation)
        {
            change.Changed = Rotate() || _shelf.View.Active.Written == 0 ? 1 : 0;
        }

        change.Complete();
    }

    private bool Rotate()
    {
        var frozen = _shelf.TryRotate();
        if (frozen)
        {
            _rotated();
        }

        return frozen;
    }

    private void Decide(Change change)
    {
        var view = _shelf.View;
        var now = _shelf.Place.Clock.GetUtcNow();
        change.Changed = 0;
        for (var index = 0; index < change.Wanted.Length; index++)
        {
            ref readonly var wanted = ref change.Wanted[index];
            var present = Present(change, index, view);
            if (Next(present, wanted, now) is not { } next)
            {
                continue;
            }

            change.Changed++;
            _staged[wanted.Key] = next;
            _records.Add(next);
            if (change.AddressOf(index) is { IsEmpty: false } address)
            {
                var target = _addresses.GetSpan(AddressBatch.HeadLength + address.Length);
                _addresses.Advance(AddressBatch.Write(wanted.Key, address.Span, target));
            }
        }
    }

    private StoredRecord? Present(Change change, int index, StoreView view)
    {
        var key = change.Wanted[index].Key;
        if (_staged.TryGetValue(key, out var record) || view.TryGetRecent(key, out record))
        {
            return record;
        }

        // A flush or a merge came between the look and now: rare, and what was added since may be in the new run.
        return ReferenceEquals(change.Seen, view.Runs) ? change.Found[index] : view.ReadRuns(key);
    }

    // What is to be written; null when nothing is.
    private static StoredRecord? Next(StoredRecord? present, in StoredRecord wanted, DateTimeOffset now)
    {
        if (present is not { IsTombstone: false } entry)
        {
            return wanted.IsTombstone ? null : wanted;
        }

        if (wanted.IsTombstone)
        {
            return wanted;
        }

        var joined = Precedence.Joined(entry, wanted, now);
        return joined.Settled() == entry.Settled() ? null : joined.Settled().Replacing();
    }
}
