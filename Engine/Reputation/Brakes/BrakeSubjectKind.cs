namespace Engine.Reputation.Brakes;

/// <summary>What is judged.</summary>
internal enum BrakeSubjectKind : byte
{
    Account,
    Campaign,

    /// <summary>Mail without a campaign.</summary>
    Stream,
}
