namespace Engine.Configuration;

/// <summary>What a brake pauses when that was not enough. Key <c>brakes.then</c>.</summary>
internal enum BrakeNext : byte
{
    /// <summary>The account.</summary>
    Account,

    /// <summary>Nothing more.</summary>
    None,
}
