using Engine.Dkim.Rotation;

namespace Engine.Preflight.Rotation;

/// <summary>What an order would come to.</summary>
/// <param name="Rotation">The domain's keys afterwards.</param>
/// <param name="Waits">Whether the domain's mail would wait.</param>
/// <param name="Remark">What would not be done, and what to do instead; null for nothing.</param>
internal sealed record OrderOutlook(DomainRotation Rotation, bool Waits, string? Remark);
