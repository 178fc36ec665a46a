namespace Engine.Reputation.Score;

/// <summary>Counts of each kind within a sliding window of 24 steps, the running one among them. Not thread-safe; 760 octets.</summary>
internal sealed class CountRing
{
    private const int Kinds = (int)SenderCount.Spam + 1;

    private readonly int[] _steps = new int[RateRing.Steps * Kinds];
    private readonly long[] _totals = new long[Kinds];
    private long _step;

    public long this[SenderCount kind] => _totals[(int)kind];

    /// <summary>Recipients answered.</summary>
    public long Answered => this[SenderCount.Delivered] + this[SenderCount.Hard] + this[SenderCount.Blocked];

    public void Add(SenderCount kind, int amount, long step)
    {
        MoveTo(step);
        _steps[((int)(_step % RateRing.Steps) * Kinds) + (int)kind] += amount;
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
            _step = step;
            return;
        }

        while (_step < step)
        {
            var gone = _steps.AsSpan((int)(++_step % RateRing.Steps) * Kinds, Kinds);
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
        _step = 0;
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
        _step = reader.ReadInt64();
        for (var index = 0; index < _steps.Length; index++)
        {
            _steps[index] = reader.Read7BitEncodedInt() is >= 0 and var count ? count : throw new InvalidDataException("a count below nothing");
            _totals[index % Kinds] += _steps[index];
        }

        _ = _step >= 0 ? _step : throw new InvalidDataException("a step before the beginning");
    }
}
