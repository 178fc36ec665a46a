namespace Engine.Reputation;

/// <summary>Good and bad within a sliding window of 24 steps, the running one among them. Steps lie on multiples of their length, so rings of one window can be subtracted.</summary>
/// <remarks>Looks back between 23 and 24 steps. Not thread-safe; 216 octets.</remarks>
internal sealed class RateRing
{
    public const int Steps = 24;

    private readonly int[] _good = new int[Steps];
    private readonly int[] _bad = new int[Steps];
    private long _step;
    private int _index;

    public long Good { get; private set; }

    public long Bad { get; private set; }

    public void AddGood(long step)
    {
        MoveTo(step);
        _good[_index]++;
        Good++;
    }

    public void AddBad(long step)
    {
        MoveTo(step);
        _bad[_index]++;
        Bad++;
    }

    /// <summary>Lets time pass; a step that lies behind is the running one: what is late counts now.</summary>
    public void MoveTo(long step)
    {
        if (step <= _step)
        {
            return;
        }

        if (step - _step >= Steps)
        {
            Clear();
            (_step, _index) = (step, (int)(step % Steps));
            return;
        }

        while (_step < step)
        {
            _step++;
            _index = _index == Steps - 1 ? 0 : _index + 1;
            Good -= _good[_index];
            Bad -= _bad[_index];
            (_good[_index], _bad[_index]) = (0, 0);
        }
    }

    public void Clear()
    {
        _good.AsSpan().Clear();
        _bad.AsSpan().Clear();
        (Good, Bad, _step, _index) = (0, 0, 0, 0);
    }

    /// <summary>Takes away what a ring of the same window counted.</summary>
    public void Subtract(RateRing other)
    {
        MoveTo(other._step);
        other.MoveTo(_step);
        for (var index = 0; index < Steps; index++)
        {
            var (good, bad) = (Math.Min(_good[index], other._good[index]), Math.Min(_bad[index], other._bad[index]));
            _good[index] -= good;
            _bad[index] -= bad;
            (Good, Bad) = (Good - good, Bad - bad);
        }
    }

    /// <summary>Writes the running step, then good and bad of each step from it back.</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write(_step);
        for (var back = 0; back < Steps; back++)
        {
            var index = (_step + Steps - back) % Steps;
            writer.Write7BitEncodedInt(_good[index]);
            writer.Write7BitEncodedInt(_bad[index]);
        }
    }

    /// <exception cref="InvalidDataException">It was not written so.</exception>
    public void Read(BinaryReader reader)
    {
        Clear();
        _step = reader.ReadInt64();
        if (_step < 0)
        {
            throw new InvalidDataException("a step before the beginning");
        }

        _index = (int)(_step % Steps);
        for (var back = 0; back < Steps; back++)
        {
            var index = (_step + Steps - back) % Steps;
            (_good[index], _bad[index]) = (Count(reader), Count(reader));
            Good += _good[index];
            Bad += _bad[index];
        }
    }

    private static int Count(BinaryReader reader) => reader.Read7BitEncodedInt() is >= 0 and var count ? count : throw new InvalidDataException("a count below nothing");
}
