namespace Engine.Queue.Waiting;

/// <summary>Heads that were written anew, by message; nearly always empty. Each keeps its segment: its message may lie in an older generation. Under the queue's lock.</summary>
internal sealed class RewrittenHeads(SegmentLedger ledger, int segmentBits)
{
    private readonly Dictionary<ulong, List<HeadPlace>> _heads = [];

    /// <summary>The segment a head keeps.</summary>
    public long SegmentOf(in HeadPlace head) => head.Address >> segmentBits;

    public void Set(ulong id, HeadPlace place)
    {
        var heads = _heads.TryGetValue(id, out var known) ? known : _heads[id] = [];
        ledger.Pin(SegmentOf(place));
        if (heads.FindIndex(head => head.Number == place.Number) is var old and >= 0)
        {
            ledger.Unpin(SegmentOf(heads[old]));
            heads.RemoveAt(old);
        }

        heads.Add(place);
    }

    public HeadPlace[] Of(ulong id) => _heads.Count > 0 && _heads.TryGetValue(id, out var heads) ? [.. heads] : [];

    public void Forget(ulong id)
    {
        if (_heads.Count > 0 && _heads.Remove(id, out var heads))
        {
            heads.ForEach(head => ledger.Unpin(SegmentOf(head)));
        }
    }
}
