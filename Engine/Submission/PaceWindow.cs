namespace Engine.Submission;

/// <summary>Whether content comes fast enough: 1 KiB a second over each 30 seconds, after a first 30 that are free. Pure.</summary>
internal struct PaceWindow
{
    private const int MinOctets = 30 << 10;

    private static readonly TimeSpan Length = TimeSpan.FromSeconds(30);

    private TimeSpan _start;
    private long _octets;
    private bool _isGrace;

    /// <param name="now">On any monotonic clock.</param>
    public void Begin(TimeSpan now) => (_start, _octets, _isGrace) = (now, 0, true);

    /// <summary>How long the next octets may take; never below zero.</summary>
    public readonly TimeSpan Allowance(TimeSpan now)
    {
        var end = _start + Length + (_isGrace ? Length : TimeSpan.Zero);
        return end > now ? end - now : TimeSpan.Zero;
    }

    /// <summary>Counts what came. False when the content is too slow.</summary>
    public bool Take(int octets, TimeSpan now)
    {
        _octets += octets;
        if (now - _start < Length)
        {
            return true;
        }

        if (!_isGrace && _octets < MinOctets)
        {
            return false;
        }

        (_start, _octets, _isGrace) = (now, 0, false);
        return true;
    }
}
