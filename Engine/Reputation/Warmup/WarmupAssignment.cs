using Engine.Configuration;

namespace Engine.Reputation.Warmup;

/// <summary>Which plan something follows.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Start">Step without a history, from 0 to the number of steps, which is: warm.</param>
internal sealed record WarmupAssignment(WarmupPlan Plan, int Start);
