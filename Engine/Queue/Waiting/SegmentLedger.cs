namespace Engine.Queue.Waiting;

/// <summary>Counts what keeps each segment: living messages, messages being accepted, messages being read. Segments are named by address without offset, so with the generation. Thread-safe.</summary>
internal sealed class SegmentLedger
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, int> _living = [];
    private int _readers;

    public void Pin(long segment)
    {
        lock (_gate)
        {
            _living[segment] = _living.GetValueOrDefault(segment) + 1;
        }
    }

    /// <summary>The same, to be undone by disposal.</summary>
    public SegmentPin Hold(long segment)
    {
        Pin(segment);
        return new SegmentPin(this, segment);
    }

    public void Unpin(long segment)
    {
        lock (_gate)
        {
            if (--_living[segment] == 0)
            {
                _living.Remove(segment);
            }
        }
    }

    /// <summary>While a reader of ended messages is about, nothing is given up.</summary>
    public void BeginRead()
    {
        lock (_gate)
        {
            _readers++;
        }
    }

    public void EndRead()
    {
        lock (_gate)
        {
            _readers--;
        }
    }

    /// <summary>The first segment that must stay, from <paramref name="first"/> on and at most <paramref name="last"/>.</summary>
    public long FirstKept(long first, long last)
    {
        lock (_gate)
        {
            var segment = first;
            while (_readers == 0 && segment < last && !_living.ContainsKey(segment))
            {
                segment++;
            }

            return segment;
        }
    }
}
