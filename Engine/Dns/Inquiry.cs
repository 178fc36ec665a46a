namespace Engine.Dns;

/// <summary>Decides the tries of one question: takes how a try ended and yields the next one.</summary>
/// <remarks>
/// <code>
/// a try ended    what follows
/// Truncated      the same server over TCP; over TCP already: the server is out
/// Malformed      the same
/// NoEdns         the same server without EDNS; without already: the server is out
/// TimedOut       the next server; when the round is over, again with twice the limit
/// all else       the server is out
/// </code>
/// Over when no server is left, the time is over, or <see cref="MaxTries"/> were made. The first limit is a third of the whole time, at most two seconds.
/// </remarks>
/// <param name="servers">How many there are, at least one; they are tried in the order of their index.</param>
/// <param name="timeout">For all tries together.</param>
internal sealed class Inquiry(int servers, TimeSpan timeout)
{
    /// <summary>A bound against servers that answer nonsense quickly.</summary>
    public const int MaxTries = 16;

    private static readonly TimeSpan LongestFirst = TimeSpan.FromSeconds(2);

    private readonly bool[] _out = new bool[servers];
    private readonly bool[] _plain = new bool[servers];
    private TimeSpan _limit = timeout / 3 < LongestFirst ? timeout / 3 : LongestFirst;
    private DnsTry _last;
    private int _tries;

    public DnsTry Start() => Make(0, overTcp: false, timeout);

    /// <param name="outcome">How the last try ended; neither answered nor stray.</param>
    /// <param name="elapsed">Since the start.</param>
    /// <returns>Null when it is over: the question has failed.</returns>
    public DnsTry? Next(TryOutcome outcome, TimeSpan elapsed)
    {
        var left = timeout - elapsed;
        if (left <= TimeSpan.Zero || _tries >= MaxTries)
        {
            return null;
        }

        switch (outcome)
        {
            case TryOutcome.Truncated or TryOutcome.Malformed when !_last.OverTcp:
                return Make(_last.Server, overTcp: true, left);
            case TryOutcome.NoEdns when _last.WithEdns:
                _plain[_last.Server] = true;
                return Make(_last.Server, _last.OverTcp, left);
            case TryOutcome.TimedOut:
                return Move(left);
            default:
                _out[_last.Server] = true;
                return Move(left);
        }
    }

    private DnsTry? Move(TimeSpan left)
    {
        for (var step = 1; step <= servers; step++)
        {
            var server = (_last.Server + step) % servers;
            if (_out[server])
            {
                continue;
            }

            if (server <= _last.Server)
            {
                _limit *= 2;
            }

            return Make(server, overTcp: false, left);
        }

        return null;
    }

    private DnsTry Make(int server, bool overTcp, TimeSpan left)
    {
        _tries++;
        _last = new DnsTry(server, overTcp, !_plain[server], _limit < left ? _limit : left);
        return _last;
    }
}
