using Engine.Reputation;

namespace Engine.Tests.Simulation;

/// <summary>One try, as it ended.</summary>
internal readonly record struct Attempt(DateTimeOffset At, string Source, string Operator, string Campaign, ObservationKind Kind, string Category);
