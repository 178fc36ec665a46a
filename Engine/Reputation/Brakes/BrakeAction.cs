namespace Engine.Reputation.Brakes;

/// <summary>What is to be done.</summary>
internal enum BrakeAction : byte
{
    Warn,

    /// <summary>The campaign, or the stream that stands for one.</summary>
    PauseCampaign,
    PauseAccount,
}
