namespace Engine.Observability;

/// <summary>Lines on their way to the disk, in blocks of whole lines of one hour. Bounded: who adds beyond the bound waits. Thread-safe.</summary>
/// <remarks>A block is handed over when it is full or when <c>flushAfter</c> is over since its first line.</remarks>
internal sealed class EventBacklog : IDisposable
{
    private const int BlockSize = 64 << 10;

    private const int MaxSpareBlocks = 64;

    private readonly object _gate = new();
    private readonly long _maxPending;
    private readonly TimeSpan _flushAfter;
    private readonly ITimer _flush;
    private readonly ITimer _retry;
    private readonly Stack<EventBlock> _spare = [];
    private readonly List<EventBlock> _sealed = [];
    private EventBlock? _filling;
    private long _appended;
    private long _settled;
    private bool _isPaused;
    private bool _isStopping;
    private bool _isOver;

    /// <param name="maxPending">Octets that may wait.</param>
    /// <param name="flushAfter">Longest wait of a block that is not full.</param>
    /// <param name="clock">Measures it.</param>
    public EventBacklog(long maxPending, TimeSpan flushAfter, TimeProvider clock)
    {
        (_maxPending, _flushAfter) = (maxPending, flushAfter);
        _flush = clock.CreateTimer(static self => ((EventBacklog)self!).Seal(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _retry = clock.CreateTimer(static self => ((EventBacklog)self!).Resume(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Octets that wait.</summary>
    public long Pending
    {
        get
        {
            lock (_gate)
            {
                return _appended - _settled;
            }
        }
    }

    /// <summary>Octets ever added.</summary>
    public long Appended
    {
        get
        {
            lock (_gate)
            {
                return _appended;
            }
        }
    }

    /// <summary>Nothing more is taken.</summary>
    public bool IsOver
    {
        get
        {
            lock (_gate)
            {
                return _isOver;
            }
        }
    }

    public bool IsStopping
    {
        get
        {
            lock (_gate)
            {
                return _isStopping;
            }
        }
    }

    /// <summary>Takes a copy of the line. Waits while too much is pending.</summary>
    /// <param name="hour">Never less than that of the line before.</param>
    /// <param name="line">The line and its end.</param>
    /// <returns>False when the log is over and the line was not taken.</returns>
    public bool Append(EventHour hour, ReadOnlySpan<byte> line)
    {
        lock (_gate)
        {
            while (_appended - _settled >= _maxPending && !_isOver)
            {
                Monitor.Wait(_gate);
            }

            if (_isOver)
            {
                return false;
            }

            if (_filling is not null && !_filling.Takes(hour, line.Length))
            {
                SealLocked();
            }

            _filling ??= Begin(hour, line.Length);
            _filling.Add(line);
            _appended += line.Length;
            return true;
        }
    }

    /// <summary>Hands over what there is.</summary>
    public void Seal()
    {
        lock (_gate)
        {
            SealLocked();
        }
    }

    /// <summary>From now on nothing waits for more to come.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _isStopping = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits for blocks and takes them all.</summary>
    /// <returns>False, once and for good, when <see cref="Stop"/> was called and nothing is left.</returns>
    public bool Take(List<EventBlock> batch)
    {
        lock (_gate)
        {
            while (_sealed.Count == 0 && !_isStopping)
            {
                Monitor.Wait(_gate);
            }

            if (_isStopping)
            {
                SealLocked();
            }

            batch.AddRange(_sealed);
            _sealed.Clear();
            _isOver = batch.Count == 0;
            return !_isOver;
        }
    }

    /// <summary>Gives back blocks that were taken: they are written, or given up.</summary>
    public void Settle(List<EventBlock> batch)
    {
        lock (_gate)
        {
            foreach (var block in batch)
            {
                _settled += block.Length;
                if (block.Capacity == BlockSize && _spare.Count < MaxSpareBlocks)
                {
                    _spare.Push(block);
                }
            }

            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Whether everything up to <paramref name="octets"/> is settled, or nothing ever will be.</summary>
    public bool IsSettled(long octets)
    {
        lock (_gate)
        {
            return _settled >= octets || _isOver;
        }
    }

    /// <summary>Waits for the time given, or until the log stops.</summary>
    public void Pause(TimeSpan time)
    {
        lock (_gate)
        {
            _isPaused = true;
            _retry.Change(time, Timeout.InfiniteTimeSpan);
            while (_isPaused && !_isStopping)
            {
                Monitor.Wait(_gate);
            }
        }
    }

    public void Dispose()
    {
        _flush.Dispose();
        _retry.Dispose();
    }

    private EventBlock Begin(EventHour hour, int length)
    {
        var block = length <= BlockSize && _spare.TryPop(out var spare) ? spare : new EventBlock(Math.Max(BlockSize, length));
        block.Begin(hour);
        _flush.Change(_flushAfter, Timeout.InfiniteTimeSpan);
        return block;
    }

    private void SealLocked()
    {
        if (_filling is { } block)
        {
            _sealed.Add(block);
            _filling = null;
            Monitor.PulseAll(_gate);
        }
    }

    private void Resume()
    {
        lock (_gate)
        {
            _isPaused = false;
            Monitor.PulseAll(_gate);
        }
    }
}
