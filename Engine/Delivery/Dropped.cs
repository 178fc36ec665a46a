using Engine.Suppression;

namespace Engine.Delivery;

/// <summary>A recipient that was taken out of its batch because it is suppressed.</summary>
/// <param name="Slot">The queue's handle.</param>
/// <param name="Entry">Why.</param>
internal readonly record struct Dropped(int Slot, SuppressionEntry Entry);
