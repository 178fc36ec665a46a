using Engine.Reputation.Control.Health;
using Engine.Reputation.Control.Pacing;

namespace Engine.Reputation.Control.Saving;

/// <summary>The state file of control.</summary>
/// <param name="Version">1.</param>
/// <param name="At">When it was saved, by the wall clock.</param>
/// <param name="Paces">Keys that are slowed, paused or have learned something.</param>
/// <param name="Sources">Sources that are not healthy at a receiver.</param>
internal sealed record SavedControl(int Version, DateTimeOffset At, IReadOnlyList<SavedPace> Paces, IReadOnlyList<SavedHealth> Sources);
