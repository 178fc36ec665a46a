using System.Numerics;

namespace Engine.Reputation.Warmup;

/// <summary>Where one pair stands, for operators; written to JSON as it is.</summary>
internal sealed record WarmupStanding
{
    /// <summary>Source or sender domain.</summary>
    public required string Name { get; init; }

    public required string Operator { get; init; }

    public required string Plan { get; init; }

    /// <summary>Day of the plan, from 1; one beyond <see cref="Steps"/> when warm.</summary>
    public required int Step { get; init; }

    public required int Steps { get; init; }

    public required bool IsWarm { get; init; }

    /// <summary>Recipients of this local day; null when warm.</summary>
    public required long? DayAllowance { get; init; }

    /// <summary>Today, so far.</summary>
    public required int Used { get; init; }

    public required double DeferredShare { get; init; }

    public required double HardShare { get; init; }

    public required double ComplaintShare { get; init; }

    /// <summary>Why the last step was not earned, or why it is held now; null when nothing holds it.</summary>
    public required string? HeldBecause { get; init; }

    public required DateTimeOffset LastUse { get; init; }

    /// <summary>The local date on which it will be warm if it goes on like the last seven days with mail; null when warm, or when it would never be.</summary>
    public required DateOnly? DoneOn { get; init; }

    /// <summary>When the day turns; null when warm.</summary>
    public required DateTimeOffset? NextChangeAt { get; init; }

    /// <summary>Of a track whose lock is held and whose day has been turned.</summary>
    public static WarmupStanding Of(WarmupTrack track, LocalDay today, bool isHeld) => new()
    {
        Name = track.Key.Name,
        Operator = track.Key.Operator,
        Plan = track.Plan.Name,
        Step = track.Step + 1,
        Steps = track.Plan.Steps.Length,
        IsWarm = track.IsWarm,
        DayAllowance = track.IsWarm ? null : track.DayAllowance,
        Used = track.Counts.Used,
        DeferredShare = track.Counts.DeferredShare,
        HardShare = track.Counts.HardShare,
        ComplaintShare = track.Counts.ComplaintShare,
        HeldBecause = track.IsWarm ? null : WarmupChange.WordsOf(isHeld ? WarmupHold.Order : track.Why, track.WhyCounts, track.Plan.Options.AdvanceIf),
        LastUse = track.LastUse,
        DoneOn = track.IsWarm || isHeld ? null : DoneAfter(track) is { } days ? DateOnly.FromDayNumber(today.Number).AddDays(days) : null,
        NextChangeAt = track.IsWarm ? null : today.End,
    };

    // A day now counts for as much as the last ones did; the first days are believed.
    private static int? DoneAfter(WarmupTrack track)
    {
        var left = track.Plan.Steps.Length - track.Step;
        var earned = BitOperations.PopCount((uint)track.Past);
        return track.PastCount == 0 ? left : earned == 0 ? null : (int)Math.Ceiling((double)left * track.PastCount / earned);
    }
}
