namespace Engine.Queue.Waiting;

/// <summary>Counts what keeps each segment of the log: living messages, and messages being accepted. Thread-safe.</summary>
internal sealed class SegmentLedger
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, int> _living = [];
    private int _readers;

    public void Pin(int segment)
    {
        lock (_gate)
        {
            _living[segment] = _living.GetValueOrDefault(segment) + 1;
        }
    }

    public void Unpin(int segment)
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
    public int FirstKept(int first, int last)
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
