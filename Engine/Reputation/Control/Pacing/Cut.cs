namespace Engine.Reputation.Control.Pacing;

/// <summary>What a throttling reply asks for, should it prove to be more than a stray one.</summary>
/// <param name="Rule">The reply rule.</param>
/// <param name="Connections">It limits connections, not the rate.</param>
/// <param name="Keep">Share kept.</param>
/// <param name="Ramp">Time back; zero for the configured one.</param>
/// <param name="Pauses">The rule names no action: the published recovery after a rate reply is followed.</param>
internal readonly record struct Cut(string Rule, bool Connections, double Keep, TimeSpan Ramp, bool Pauses);
