namespace Engine.Reputation;

/// <summary>
/// A bounded number of tracks. When it is full, one that was not heard of again since the hand came by last gives its place, its memory with it: so a flood of names
/// pushes out its own, and nothing is allocated any more. Not thread-safe.
/// </summary>
/// <param name="bound">Tracks at most.</param>
internal sealed class SenderTable<TSubject, TTrack>(int bound)
    where TSubject : struct, IEquatable<TSubject>
    where TTrack : class, ISenderTrack<TSubject>, new()
{
    private readonly Dictionary<TSubject, TTrack> _bySubject = [];
    private readonly List<TTrack> _tracks = [];
    private int _hand;

    public IReadOnlyList<TTrack> Tracks => _tracks;

    public TTrack? Find(in TSubject subject) => _bySubject.GetValueOrDefault(subject);

    public TTrack Of(in TSubject subject)
    {
        if (_bySubject.TryGetValue(subject, out var track))
        {
            track.Touched = true;
            return track;
        }

        track = _tracks.Count < bound ? New() : Oldest();
        track.Begin(subject);
        _bySubject.Add(subject, track);
        return track;
    }

    /// <summary>Takes one that was read; false when it is full, or knows the subject.</summary>
    public bool Add(TTrack track)
    {
        if (_tracks.Count >= bound || !_bySubject.TryAdd(track.Subject, track))
        {
            return false;
        }

        _tracks.Add(track);
        return true;
    }

    private TTrack New()
    {
        var track = new TTrack();
        _tracks.Add(track);
        return track;
    }

    private TTrack Oldest()
    {
        while (true)
        {
            var track = _tracks[_hand];
            _hand = (_hand + 1) % _tracks.Count;
            if (!track.Touched)
            {
                _bySubject.Remove(track.Subject);
                return track;
            }

            track.Touched = false;
        }
    }
}
