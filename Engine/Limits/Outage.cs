namespace Engine.Limits;

/// <summary>A time that no save tells of: the engine stood still, or the save before it is lost.</summary>
/// <param name="End">Wall clock: the start after it.</param>
/// <param name="Length">How long; <see cref="TimeSpan.MaxValue"/> when nobody knows.</param>
internal readonly record struct Outage(DateTimeOffset End, TimeSpan Length);
