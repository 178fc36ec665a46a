namespace Engine.Reputation.Control.Pacing;

/// <summary>Pauses of one key: the same again soon after the last is twice as long. Pure; one thread.</summary>
internal sealed class PauseTimer
{
    private const int MostRepeats = 10;

    private DateTimeOffset _endedAt;
    private int _repeats;

    /// <summary>Its end; <see cref="DateTimeOffset.MinValue"/> when none is on.</summary>
    public DateTimeOffset Until { get; private set; }

    /// <summary>When the one that is on began.</summary>
    public DateTimeOffset Began { get; private set; }

    public TimeSpan Length { get; private set; }

    /// <summary>The fault it answers may turn out to be the receiver's: then it is taken back.</summary>
    public bool Pardonable { get; private set; }

    public bool IsOn => Until > DateTimeOffset.MinValue;

    /// <summary>Begins a pause, or lengthens the one that is on. Replies to what was under way lengthen nothing.</summary>
    /// <param name="now">The time.</param>
    /// <param name="length">As the rule says.</param>
    /// <param name="longest">Bound for repeated ones; a rule may say more.</param>
    /// <param name="pardonable">See <see cref="Pardonable"/>.</param>
    /// <returns>Whether its end changed.</returns>
    public bool Begin(DateTimeOffset now, TimeSpan length, TimeSpan longest, bool pardonable)
    {
        if (IsOn)
        {
            if (Began + length <= Until)
            {
                return false;
            }

            (Until, Length, Pardonable) = (Began + length, length, Pardonable && pardonable);
            return true;
        }

        var memory = TimeSpan.FromTicks(Math.Max(TimeSpan.FromHours(1).Ticks, 4 * Length.Ticks));
        _repeats = Length > TimeSpan.Zero && now - _endedAt < memory ? Math.Min(_repeats + 1, MostRepeats) : 0;
        var grown = TimeSpan.FromTicks(Math.Max(length.Ticks, Math.Min(length.Ticks << _repeats, longest.Ticks)));
        (Began, Length, Until, Pardonable) = (now, grown, now + grown, pardonable);
        return true;
    }

    public void End(DateTimeOffset now) => (Until, _endedAt) = (DateTimeOffset.MinValue, now);

    /// <summary>It was wrong: it is over and does not count as repeated.</summary>
    public void Pardon() => (Until, Length, _repeats) = (DateTimeOffset.MinValue, TimeSpan.Zero, 0);

    public SavedPause Save() => new(Until, Began, Length, _endedAt, _repeats, Pardonable);

    public void Load(SavedPause saved) => (Until, Began, Length, _endedAt, _repeats, Pardonable) = saved;
}
