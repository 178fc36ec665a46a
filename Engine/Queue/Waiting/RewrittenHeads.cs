namespace Engine.Queue.Waiting;

/// <summary>Heads that were written anew, by message; nearly always empty. Under the queue's lock.</summary>
internal sealed class RewrittenHeads
{
    private readonly Dictionary<ulong, List<HeadPlace>> _heads = [];

    public void Set(ulong id, HeadPlace place)
    {
        var heads = _heads.TryGetValue(id, out var known) ? known : _heads[id] = [];
        heads.RemoveAll(head => head.Number == place.Number);
        heads.Add(place);
    }

    public HeadPlace[] Of(ulong id) => _heads.Count > 0 && _heads.TryGetValue(id, out var heads) ? [.. heads] : [];

    public void Forget(ulong id) => _heads.Remove(id);
}
