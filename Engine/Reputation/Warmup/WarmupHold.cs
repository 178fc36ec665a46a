namespace Engine.Reputation.Warmup;

/// <summary>Why a step was not earned.</summary>
internal enum WarmupHold : byte
{
    None,

    /// <summary>Less than the plan's <c>used</c> of the day's allowance was sent.</summary>
    TooLittle,

    /// <summary>The share deferred or refused for what the sender is or does.</summary>
    Deferred,

    /// <summary>Several of these one after another, whatever their share: the receiver takes no more today.</summary>
    Shut,

    /// <summary>Recipients that do not exist.</summary>
    Hard,

    Complaints,

    /// <summary>An operator said so.</summary>
    Order,

    /// <summary>Nothing was sent for longer than the plan's <c>idle</c>.</summary>
    Idle,

    /// <summary>Nothing was sent for longer than the plan's <c>restart</c>.</summary>
    Restart,
}
