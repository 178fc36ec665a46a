namespace Engine.Reputation.Control.Pacing;

/// <summary>What is configured for a key: control allows no more.</summary>
/// <param name="RatePerSecond">Recipients per second; null for none.</param>
/// <param name="Connections">At once.</param>
/// <param name="MessagesPerConnection">On one connection.</param>
internal readonly record struct Ceiling(double? RatePerSecond, int Connections, int MessagesPerConnection);
