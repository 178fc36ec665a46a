namespace Engine.Scheduling;

/// <summary>Bounds of the scheduler; swapped at reload.</summary>
/// <param name="Connections">Key <c>delivery.connections.max</c>.</param>
/// <param name="PerDestination">Key <c>delivery.connections.perDestination</c>.</param>
internal sealed record SchedulerSettings(int Connections, int PerDestination);
