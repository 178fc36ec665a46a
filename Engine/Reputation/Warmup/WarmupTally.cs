using Engine.Configuration.Providers;

namespace Engine.Reputation.Warmup;

/// <summary>What one attempt counts as.</summary>
/// <param name="Used">1 when a server answered about the recipient.</param>
/// <param name="Deferred">1 when it blamed the sender.</param>
/// <param name="Hard">1 when the recipient does not exist.</param>
internal readonly record struct WarmupTally(int Used, int Deferred, int Hard)
{
    /// <remarks>
    /// The receiver's own trouble (<see cref="CategoryClass.Soft"/>: greylisting, full mailboxes, busy servers), the bounds of a session and our faulty
    /// set-up say nothing about an address. What no rule knows counts: to hold for nothing costs a day, to grow against a refusal costs the address.
    /// </remarks>
    public static WarmupTally Of(in Observation observation) => observation.Kind switch
    {
        ObservationKind.Delivered => new WarmupTally(1, 0, 0),
        ObservationKind.Unreachable => default,
        ObservationKind.Failed when observation.CategoryClass is CategoryClass.Hard => new WarmupTally(1, 0, 1),
        _ => new WarmupTally(1, Blames(observation) ? 1 : 0, 0),
    };

    private static bool Blames(in Observation observation) =>
        observation.CategoryClass is CategoryClass.Throttle or CategoryClass.Block or CategoryClass.Reputation or CategoryClass.Content
        || observation.Category.Id is null or "unknown" or "unknown_temp" or "unknown_perm";
}
