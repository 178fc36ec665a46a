namespace Engine.Configuration;

/// <summary>What a brake pauses first. Key <c>brakes.scope</c>.</summary>
internal enum BrakeScope : byte
{
    /// <summary>The campaign; the stream for mail without one.</summary>
    Campaign,

    /// <summary>The account at once.</summary>
    Account,
}
