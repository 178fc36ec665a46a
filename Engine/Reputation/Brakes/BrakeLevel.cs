namespace Engine.Reputation.Brakes;

/// <summary>How far a brake has gone.</summary>
internal enum BrakeLevel : byte
{
    None,
    Warned,

    /// <summary>Paused, or for a class that is never paused: warned at the threshold of the pause.</summary>
    Paused,
}
