namespace Engine.Reputation.Warmup;

/// <summary>What happened to a step.</summary>
internal enum WarmupMove : byte
{
    /// <summary>The day was earned: the next step.</summary>
    Advanced,

    /// <summary>The last day was earned: warm.</summary>
    Done,

    /// <summary>The day was not earned: the same step again.</summary>
    Held,

    /// <summary>A bound was passed within the day: the rest of its allowance is cut to a few probes.</summary>
    Cut,

    SteppedBack,
    StartedOver,

    /// <summary>An operator put it there.</summary>
    Ordered,
}
