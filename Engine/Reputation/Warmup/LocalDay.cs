namespace Engine.Reputation.Warmup;

/// <summary>One day of a time zone.</summary>
/// <param name="Number">Days since 0001-01-01, as of <see cref="DateOnly.DayNumber"/>.</param>
/// <param name="Start">Its first moment.</param>
/// <param name="End">The first moment of the next; 23 or 25 hours later where the clocks are changed.</param>
internal sealed record LocalDay(int Number, DateTimeOffset Start, DateTimeOffset End)
{
    public bool Holds(DateTimeOffset time) => time >= Start && time < End;
}
