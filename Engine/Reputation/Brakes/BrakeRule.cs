namespace Engine.Reputation.Brakes;

/// <summary>What a brake looks at. In events as <c>brakes/hardBounce</c> and <c>brakes/complaint</c>.</summary>
internal enum BrakeRule : byte
{
    HardBounce,
    Complaint,
}
