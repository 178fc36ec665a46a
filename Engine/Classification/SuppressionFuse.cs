namespace Engine.Classification;

/// <summary>Counts replies in a sliding window, in slots of 30 s, and opens and closes. Takes calls from any thread; each holds a lock for some nanoseconds.</summary>
internal sealed class SuppressionFuse
{
    private const int Slots = 20;

    private readonly Lock _gate = new();
    private readonly int[] _replies = new int[Slots];
    private readonly int[] _hard = new int[Slots];
    private readonly long _slotTicks = SuppressionBreaker.Window.Ticks / Slots;
    private long _slot;
    private int _allReplies;
    private int _allHard;
    private DateTimeOffset _calmSince;
    private volatile bool _isOpen;

    public bool IsOpen => _isOpen;

    /// <summary>Whether it is closed and its window empty: it may go.</summary>
    public bool IsIdle(DateTimeOffset now)
    {
        lock (_gate)
        {
            return !_isOpen && (now.Ticks / _slotTicks) - _slot > Slots;
        }
    }

    /// <returns>Whether this reply opened it.</returns>
    /// <param name="isHard">Whether it would suppress.</param>
    /// <param name="now">The time; one before the last call's counts as that.</param>
    /// <param name="share">Of the window that would suppress, this reply included.</param>
    public bool Count(bool isHard, DateTimeOffset now, out double share)
    {
        lock (_gate)
        {
            Advance(now.Ticks / _slotTicks);
            var place = (int)(_slot % Slots);
            _replies[place]++;
            _allReplies++;
            _hard[place] += isHard ? 1 : 0;
            _allHard += isHard ? 1 : 0;
            share = (double)_allHard / _allReplies;
            if (_isOpen)
            {
                Close(share, now);
                return false;
            }

            _isOpen = _allReplies >= SuppressionBreaker.MinimumSample && share > SuppressionBreaker.OpenShare;
            _calmSince = now;
            return _isOpen;
        }
    }

    private void Close(double share, DateTimeOffset now)
    {
        if (share >= SuppressionBreaker.CloseShare)
        {
            _calmSince = now;
        }
        else if (now - _calmSince >= SuppressionBreaker.Calm)
        {
            _isOpen = false;
        }
    }

    private void Advance(long slot)
    {
        for (var passed = Math.Min(slot - _slot, Slots); passed > 0; passed--)
        {
            var place = (int)((slot - passed + 1) % Slots);
            _allReplies -= _replies[place];
            _allHard -= _hard[place];
            (_replies[place], _hard[place]) = (0, 0);
        }

        _slot = Math.Max(slot, _slot);
    }
}
