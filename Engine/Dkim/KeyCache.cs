namespace Engine.Dkim;

/// <summary>Which domains have their parsed keys ready: so many keys, those not asked for of late go first (second chance). Thread-safe; a hit does not come here.</summary>
/// <param name="limit">Keys kept; a single domain may have more.</param>
internal sealed class KeyCache(int limit)
{
    private readonly Lock _gate = new();
    private readonly List<(DomainKeys Domain, HeldKeys Held)> _ring = [];
    private int _hand;
    private int _keys;

    /// <summary>Parsed keys that are kept.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _keys;
            }
        }
    }

    /// <summary>Keeps the keys of a domain, and lets go of others for them.</summary>
    public void Add(DomainKeys domain, HeldKeys held)
    {
        lock (_gate)
        {
            while (_keys + held.All.Count > limit && _ring.Count > 0)
            {
                Advance();
            }

            _ring.Add((domain, held));
            _keys += held.All.Count;
            domain.Hold(held);
        }
    }

    // The keys are not disposed of: a signature may be under way with them. Their finalizers free them.
    private void Advance()
    {
        _hand = _hand < _ring.Count ? _hand : 0;
        var (domain, held) = _ring[_hand];
        if (held.IsUsed)
        {
            held.Rest();
            _hand++;
            return;
        }

        domain.Drop(held);
        _keys -= held.All.Count;
        _ring[_hand] = _ring[^1];
        _ring.RemoveAt(_ring.Count - 1);
    }
}
