namespace Engine.Reputation.Score;

/// <summary>Counts of each kind within a sliding window of 24 steps, the running one among them. Not thread-safe; 760 octets.</summary>
internal sealed class CountRing
{
    private const int Kinds = (int)SenderCount.Spam + 1;

    private readonly int[] _steps = new int[RateRing.Steps * Kinds];
    private readonly long[] _totals = new long[Kinds];
    private long _step;
    private int _start;

    public long this[SenderCount kind] => _totals[(int)kind];

    /// <summary>Recipients answered.</summary>
    public long Answered => this[SenderCount.Delivered] + this[SenderCount.Hard] + this[SenderCount.Blocked];

    public void Add(SenderCount kind, int amount, long step)
    {
        MoveTo(step);
        _steps[_start + (int)kind] += amount;
        _totals[(int)kind] += amount;
    }

    /// <summary>Lets time pass; a step that lies behind is the running one.</summary>
    public void MoveTo(long step)
    {
        if (step <= _step)
        {
            return;
        }

        if (step - _step >= RateRing.Steps)
        {
            Clear();
            (_step, _start) = (step, (int)(step % RateRing.Steps) * Kinds);
            return;
        }

        while (_step < step)
        {
            _step++;
            _start = _start + Kinds == _steps.Length ? 0 : _start + Kinds;
            var gone = _steps.AsSpan(_start, Kinds);
            for (var kind = 0; kind < Kinds; kind++)
            {
                _totals[kind] -= gone[kind];
            }

            gone.Clear();
        }
    }

    public void Clear()
    {
        _steps.AsSpan().Clear();
        _totals.AsSpan().Clear();
        (_step, _start) = (0, 0);
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(_step);
        foreach (var count in _steps)
        {
            writer.Write7BitEncodedInt(count);
        }
    }

    /// <exception cref="InvalidDataException">It was not written so.</exception>
    public void Read(BinaryReader reader)
    {
        Clear();
        _step = reader.ReadInt64() is >= 0 and var step ? step : throw new InvalidDataException("a step before the beginning");
        _start = (int)(_step % RateRing.Steps) * Kinds;
        for (var index = 0; index < _steps.Length; index++)
        {
            _steps[index] = reader.Read7BitEncodedInt() is >= 0 and var count ? count : throw new InvalidDataException("a count below nothing");
            _totals[index % Kinds] += _steps[index];
        }
    }
}
