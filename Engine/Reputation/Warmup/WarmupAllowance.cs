using Engine.Configuration;

namespace Engine.Reputation.Warmup;

/// <summary>What warm-up allows one source or sender domain at one operator now.</summary>
/// <param name="IsWarm">Nothing is limited: done, or never asked for. All that follows is then empty.</param>
/// <param name="Step">Earned days, from 0.</param>
/// <param name="DayAllowance">Recipients of the whole local day.</param>
/// <param name="UsedToday">Recipients attempted today.</param>
/// <param name="RatePerSecond">Refill of a bucket that holds <paramref name="Burst"/>: together they keep to the plan's share of an hour.</param>
/// <param name="Burst">Recipients at once.</param>
/// <param name="Overflow">Where mail goes that does not fit.</param>
/// <param name="NextChangeAt">When the local day ends; <see cref="DateTimeOffset.MaxValue"/> when warm.</param>
internal readonly record struct WarmupAllowance(
    bool IsWarm, int Step, long DayAllowance, long UsedToday, double RatePerSecond, int Burst, WarmupOverflow Overflow, DateTimeOffset NextChangeAt)
{
    public static readonly WarmupAllowance Warm = new(true, 0, long.MaxValue, 0, double.PositiveInfinity, int.MaxValue, WarmupOverflow.Pool, DateTimeOffset.MaxValue);

    /// <summary>Recipients that may still be attempted today.</summary>
    public long RemainingToday => IsWarm ? long.MaxValue : Math.Max(0, DayAllowance - UsedToday);
}
